"""FiLM: a sample's concepts scale and shift the channels of a feature map."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.grounding.base import Grounding

__all__ = ["FiLM"]

HIDDEN = 32


class FiLM(nn.Module):
    r"""Scales and shifts channels by what a sample shows.

        y = x (1 + gamma(C)) + beta(C),    C = G E,    gamma = beta = 0 at the start

    gamma and beta come from one hidden layer over C, relation by relation; its last layer starts at
    zero, so the module is the identity to the bit. Perez et al., FiLM, AAAI 2018, arXiv 1709.07871.

    Args:
        embeddings: E, `[concepts, d]`; constant, and saved with the concepts, not with the module.
        relations: names of the relations, in the order of the grounding.
        width: channels of x.

    Shapes:
        x `[batch, ..., width]`, condition: `Grounding` of the batch; output as x.
    """

    embeddings: Tensor
    by_relation: Mapping[str, int] = MappingProxyType({"hidden.weight": 1})

    def __init__(self, embeddings: Tensor, relations: Sequence[str], width: int) -> None:
        super().__init__()
        self.register_buffer("embeddings", F.normalize(embeddings, dim=1), persistent=False)
        self.hidden = nn.Linear(len(relations) * embeddings.shape[1], HIDDEN)
        self.scale_and_shift = nn.Linear(HIDDEN, 2 * width)
        nn.init.zeros_(self.scale_and_shift.weight)
        nn.init.zeros_(self.scale_and_shift.bias)

    def forward(self, x: Tensor, condition: Grounding) -> Tensor:
        """x, modulated."""
        pooled = condition.condition(self.embeddings).flatten(1)  # [batch, relations * d]
        moved = self.scale_and_shift(F.silu(self.hidden(pooled))).to(x.dtype)
        gamma, beta = moved.view(x.shape[0], *[1] * (x.ndim - 2), -1).chunk(2, dim=-1)
        modulated: Tensor = x * (1 + gamma) + beta
        return modulated

    def gate_values(self) -> dict[str, float]:
        """The length of what scales and shifts, over the hidden units; 0 at the start."""
        parameters = [p.flatten() for p in self.scale_and_shift.parameters()]
        return {"film": torch.cat(parameters).detach().norm().item()}
