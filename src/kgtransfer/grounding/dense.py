"""`DenseGrounding`: the matrix G of a batch in which every sample shows something of each value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from torch import Tensor

__all__ = ["DenseGrounding"]


@dataclass(frozen=True, eq=False)
class DenseGrounding:
    """What conditioners ask of a `Grounding`, by products of matrices alone.

    `torch.export` and ONNX follow these for any number of samples; the compressed rows of a
    `Grounding` are better where samples show few of many concepts.

    Attributes:
        concepts: IRIs of the columns.
        relations: names of the relations; each concept stands in one.
        weights: `[samples, concepts]` how strongly each sample shows each concept.
        membership: `[relations, concepts]` 1 where the concept stands in the relation, else 0.
    """

    concepts: tuple[str, ...]
    relations: tuple[str, ...]
    weights: Tensor
    membership: Tensor

    @property
    def samples(self) -> int:
        """How many there are."""
        return self.weights.shape[0]

    def condition(self, embeddings: Tensor) -> Tensor:
        """C = G E, `[samples, relations, d]`; see `Grounding.condition`."""
        return (self.weights[:, None, :] * self.membership).to(embeddings.dtype) @ embeddings

    def dense(self) -> tuple[Tensor, Tensor]:
        """Weights `[samples, concepts]`, and their columns: all of them."""
        import torch

        columns = torch.arange(len(self.concepts), device=self.weights.device)
        return self.weights, columns

    def to(self, device: torch.device | str) -> DenseGrounding:
        """The same on a device."""
        return replace(self, weights=self.weights.to(device), membership=self.membership.to(device))
