"""Where the vectors of entities come from: rows of their own, and what describes them."""

from __future__ import annotations

from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["DescribedRows", "EntityRows", "FreeRows"]


# Of the projection: the score of two texts is at first 16 times their cosine.
GAIN = 4.0


class EntityRows(Protocol):
    """A module whose call gives the vectors of entities."""

    def __call__(self, wanted: Tensor | None = None) -> Tensor:
        """Vectors `[k, d]` of the wanted rows `[k]`, each at most once; None for all `[n, d]`."""
        ...

    def shared(self) -> list[nn.Parameter]:
        """Parameters that the vectors of all entities are made of."""
        ...


class FreeRows(nn.Module):
    """A free row an entity.

    Args:
        rows: initial values `[n, d]`.
        sparse: whether wanted rows get a sparse gradient, of them alone.
    """

    def __init__(self, rows: Tensor, *, sparse: bool = False) -> None:
        super().__init__()
        self.rows = nn.Parameter(rows)
        self.sparse = sparse

    def forward(self, wanted: Tensor | None = None) -> Tensor:
        """Vectors `[k, d]` of the wanted rows, or of all."""
        return _rows(self.rows, wanted, self.sparse)

    def shared(self) -> list[nn.Parameter]:
        """None: each row is one entity's."""
        return []


class DescribedRows(nn.Module):
    """A free row plus a projection of what describes the entity: its text, its numbers.

    The projection starts as a scaled orthogonal map, so that entities with similar descriptions
    start with similar vectors. In training the free rows of some entities are left out of a step,
    so that the projection learns to stand alone: it is the vector of a concept that was added a
    minute ago (as in BLP, Daza et al., WWW 2021, but beside free rows).

    Args:
        rows: initial values `[n, d]`.
        features: `[n, f]`; texts as vectors of unit length.
        dropout: share of the free rows that a step leaves out.
        sparse: whether wanted rows get a sparse gradient, of them alone.
    """

    features: Tensor

    def __init__(
        self, rows: Tensor, features: Tensor, *, dropout: float, sparse: bool = False
    ) -> None:
        super().__init__()
        self.rows = nn.Parameter(rows)
        self.register_buffer("features", features, persistent=False)
        self.dropout, self.sparse = dropout, sparse
        self.project = nn.Linear(features.shape[1], rows.shape[1], bias=False)
        nn.init.orthogonal_(self.project.weight, gain=GAIN)

    def forward(self, wanted: Tensor | None = None) -> Tensor:
        """Vectors `[k, d]` of the wanted rows, or of all."""
        features = self.features if wanted is None else self.features[wanted]
        vectors: Tensor = self._kept(_rows(self.rows, wanted, self.sparse)) + self.project(features)
        return vectors

    def shared(self) -> list[nn.Parameter]:
        """The projection."""
        return list(self.project.parameters())

    def _kept(self, rows: Tensor) -> Tensor:
        if not self.training or not self.dropout:
            return rows
        kept = torch.rand(len(rows), 1, device=rows.device) >= self.dropout
        return rows * kept


def _rows(table: Tensor, wanted: Tensor | None, sparse: bool) -> Tensor:
    return table if wanted is None else F.embedding(wanted, table, sparse=sparse)
