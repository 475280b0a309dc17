"""Where the vectors of entities come from: rows of their own, and what describes them."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor, nn

__all__ = ["DescribedRows", "EntityRows", "FreeRows"]


class EntityRows(Protocol):
    """A module whose call gives the vectors `[n, d]` of all entities."""

    def __call__(self) -> Tensor:
        """Vectors `[n, d]`."""
        ...


class FreeRows(nn.Module):
    """A free row an entity.

    Args:
        rows: initial values `[n, d]`.
    """

    def __init__(self, rows: Tensor) -> None:
        super().__init__()
        self.rows = nn.Parameter(rows)

    def forward(self) -> Tensor:
        """Vectors `[n, d]`."""
        rows: Tensor = self.rows
        return rows


class DescribedRows(nn.Module):
    """A free row plus a projection of what describes the entity: its text, its numbers.

    In training the free rows of some entities are left out of a step, so that the projection
    learns to stand alone: it is the vector of a concept that was added a minute ago (as in
    BLP, Daza et al., WWW 2021, but beside free rows).

    Args:
        rows: initial values `[n, d]`.
        features: `[n, f]`.
        dropout: share of the free rows that a step leaves out.
        hidden: width of the projection's hidden layer.
    """

    features: Tensor

    def __init__(
        self, rows: Tensor, features: Tensor, *, dropout: float, hidden: int = 256
    ) -> None:
        super().__init__()
        self.rows = nn.Parameter(rows)
        self.register_buffer("features", features, persistent=False)
        self.dropout = dropout
        self.project = nn.Sequential(
            nn.Linear(features.shape[1], hidden), nn.GELU(), nn.Linear(hidden, rows.shape[1])
        )

    def forward(self) -> Tensor:
        """Vectors `[n, d]`."""
        return self._kept() + self.describe(self.features)

    def describe(self, features: Tensor) -> Tensor:
        """Vectors `[k, d]` of entities of which only the features `[k, f]` are known."""
        vectors: Tensor = self.project(features)
        return vectors

    def _kept(self) -> Tensor:
        rows: Tensor = self.rows
        if not self.training or not self.dropout:
            return rows
        kept = torch.rand(len(rows), 1, device=rows.device) >= self.dropout
        return rows * kept
