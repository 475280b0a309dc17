"""BERT's forward pass as a plain module, its parameters named as transformers names them.

Importing transformers' own takes twice as long as torch, for generation, caches and distributed
tensors that no sentence vector needs. Devlin et al., BERT, NAACL 2019, arXiv 1810.04805.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import torch
import torch.nn.functional as F
from pydantic import BaseModel, Field
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["ACTIVATIONS", "Bert", "BertSettings"]

ACTIVATIONS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "gelu": F.gelu,
    "relu": F.relu,
    "gelu_new": lambda states: F.gelu(states, approximate="tanh"),
    "gelu_pytorch_tanh": lambda states: F.gelu(states, approximate="tanh"),
}
WRAPPED = "bert."  # how models with a head of their own name the parameters of the encoder


class BertSettings(BaseModel):
    """What of a model's `config.json` its forward pass depends on; the rest is not read."""

    vocab_size: int = Field(30522, ge=1)
    hidden_size: int = Field(768, ge=1)
    num_hidden_layers: int = Field(12, ge=1, le=1_000)
    num_attention_heads: int = Field(12, ge=1)
    intermediate_size: int = Field(3072, ge=1)
    max_position_embeddings: int = Field(512, ge=1)
    type_vocab_size: int = Field(2, ge=1)
    layer_norm_eps: float = Field(1e-12, gt=0)
    hidden_act: str = "gelu"


class Bert(nn.Module):
    """Token ids -> token states; without a pooler, and without dropout.

    Args:
        settings: of its form.
    """

    def __init__(self, settings: BertSettings) -> None:
        super().__init__()
        self.config = settings
        self.embeddings = _Embeddings(settings)
        self.encoder = _Encoder(settings)

    @classmethod
    def of_weights(cls, settings: BertSettings, weights: Mapping[str, Tensor]) -> Self:
        """A model with the weights of a file, in float32.

        Args:
            settings: of its form.
            weights: by the names that transformers gives; those of heads are left aside.

        Raises:
            RuntimeError: a weight is missing, or of another shape.
        """
        model = cls(settings)
        named = {name.removeprefix(WRAPPED): value for name, value in weights.items()}
        kept = {name: named[name].float() for name in model.state_dict() if name in named}
        model.load_state_dict(kept, assign=True)
        return model

    def forward(self, ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Token states `[texts, tokens, width]`.

        Args:
            ids: `[texts, tokens]` int64.
            attention_mask: `[texts, tokens]`, not 0 where there is a token.
        """
        states: Tensor = self.embeddings(ids)
        mask = attention_mask.bool()
        attended = None if bool(mask.all()) else mask[:, None, None, :]
        for layer in self.encoder.layer:
            states = layer(states, attended)
        return states


class _Embeddings(nn.Module):
    def __init__(self, settings: BertSettings) -> None:
        super().__init__()
        width = settings.hidden_size
        self.word_embeddings = _embedding(settings.vocab_size, width)
        self.position_embeddings = _embedding(settings.max_position_embeddings, width)
        self.token_type_embeddings = _embedding(settings.type_vocab_size, width)
        self.LayerNorm = nn.LayerNorm(width, eps=settings.layer_norm_eps)

    def forward(self, ids: Tensor) -> Tensor:
        positions = torch.arange(ids.shape[1], device=ids.device)[None]
        states = self.word_embeddings(ids) + self.token_type_embeddings(torch.zeros_like(ids))
        normalised: Tensor = self.LayerNorm(states + self.position_embeddings(positions))
        return normalised


class _Encoder(nn.Module):
    def __init__(self, settings: BertSettings) -> None:
        super().__init__()
        self.layer = nn.ModuleList(_Layer(settings) for _ in range(settings.num_hidden_layers))


class _Layer(nn.Module):
    """Token states `[texts, tokens, width]` -> the next ones; `mask` broadcasts over heads."""

    def __init__(self, settings: BertSettings) -> None:
        super().__init__()
        width, inner = settings.hidden_size, settings.intermediate_size
        self.attention = _Attention(settings)
        self.intermediate = nn.ModuleDict({"dense": _Linear(width, inner)})
        self.output = _Added(inner, settings)
        self.activation = ACTIVATIONS[settings.hidden_act]

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        attended = self.attention(states, mask)
        inner = self.activation(self.intermediate["dense"](attended))
        added: Tensor = self.output(inner, attended)
        return added


class _Attention(nn.Module):
    def __init__(self, settings: BertSettings) -> None:
        super().__init__()
        width, self.heads = settings.hidden_size, settings.num_attention_heads
        names = ("query", "key", "value")
        self.self = nn.ModuleDict({name: _Linear(width, width) for name in names})
        self.output = _Added(width, settings)

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        query, key, value = (
            project(states).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for project in self.self.values()
        )
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        added: Tensor = self.output(mixed.transpose(1, 2).flatten(2), states)
        return added


class _Added(nn.Module):
    """What a part of a layer gives, projected, added to what it was given, and normalised."""

    def __init__(self, width: int, settings: BertSettings) -> None:
        super().__init__()
        self.dense = _Linear(width, settings.hidden_size)
        self.LayerNorm = nn.LayerNorm(settings.hidden_size, eps=settings.layer_norm_eps)

    def forward(self, states: Tensor, before: Tensor) -> Tensor:
        normalised: Tensor = self.LayerNorm(self.dense(states) + before)
        return normalised


class _Linear(nn.Linear):
    """A linear map that is not initialised: its weights come from a file."""

    def reset_parameters(self) -> None:
        """Leave the memory as it is."""


def _embedding(rows: int, width: int) -> nn.Embedding:
    return nn.Embedding(rows, width, _weight=torch.empty(rows, width))
