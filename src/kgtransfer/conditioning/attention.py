"""Cross-attention: every position of a feature map reads from the sample's concepts."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.grounding.base import Grounding

__all__ = ["ConceptAttention"]

HEADS, SIZE = 4, 16  # of each head's keys and values


class ConceptAttention(nn.Module):
    r"""Adds what each position of x reads from the concepts that the sample shows.

        y = x + O sum_c softmax_c( q(x) . k(E_c) / sqrt(d) + log G_c ) v(E_c),    O = 0 at the start

    The grounding's weights enter as log priors: a concept that a sample does not show cannot be
    read. The output map starts at zero, so the module is the identity to the bit. Vaswani et al.,
    NeurIPS 2017, arXiv 1706.03762; zero start as in ControlNet, arXiv 2302.05543.

    Args:
        embeddings: E, `[concepts, d]`; constant, and saved with the concepts, not with the module.
        relations: of the grounding; their concepts are read alike.
        width: channels of x.

    Shapes:
        x `[batch, ..., width]`, condition: `Grounding` of the batch; output as x. A sample without
        concepts is left as it is.
    """

    embeddings: Tensor
    by_relation: Mapping[str, int] = MappingProxyType({})

    def __init__(self, embeddings: Tensor, relations: Sequence[str], width: int) -> None:
        super().__init__()
        self.register_buffer("embeddings", F.normalize(embeddings, dim=1), persistent=False)
        self.relations = tuple(relations)
        self.norm = nn.LayerNorm(width)
        self.query = nn.Linear(width, HEADS * SIZE)
        self.key = nn.Linear(embeddings.shape[1], HEADS * SIZE)
        self.value = nn.Linear(embeddings.shape[1], HEADS * SIZE)
        self.output = nn.Linear(HEADS * SIZE, width, bias=False)
        nn.init.zeros_(self.output.weight)

    def forward(self, x: Tensor, condition: Grounding) -> Tensor:
        """x with what it reads."""
        weights, rows = condition.dense()  # [batch, used], [used]
        if not len(rows):
            return x
        concepts = self.embeddings[rows]
        positions = self.norm(x.flatten(1, -2) if x.ndim > 2 else x.unsqueeze(1))
        query = self._heads(self.query(positions))  # [batch, heads, positions, size]
        key, value = (self._heads(part(concepts)[None]) for part in (self.key, self.value))
        prior = weights.log().clamp(min=-1e4)[:, None, None, :].to(query.dtype)
        read = F.scaled_dot_product_attention(
            query,
            key.expand(x.shape[0], -1, -1, -1),
            value.expand(x.shape[0], -1, -1, -1),
            attn_mask=prior.expand(-1, 1, query.shape[2], -1),
        )
        shown = (weights.sum(dim=1) > 0).view(-1, *[1] * (x.ndim - 1))
        added: Tensor = self.output(read.transpose(1, 2).flatten(2)).view(x.shape)
        return x + torch.where(shown, added, 0).to(x.dtype)

    def gate_values(self) -> dict[str, float]:
        """The length (Frobenius norm) of the output map; 0 at the start."""
        return {"attention": self.output.weight.detach().norm().item()}

    @staticmethod
    def _heads(x: Tensor) -> Tensor:
        """`[batch, n, heads * size]` -> `[batch, heads, n, size]`."""
        return x.view(*x.shape[:2], HEADS, SIZE).transpose(1, 2)
