"""Where the vectors of entities come from: rows of their own."""

from __future__ import annotations

from typing import Protocol

import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["EntityRows", "FreeRows"]


class EntityRows(Protocol):
    """A module whose call gives the vectors of entities."""

    def __call__(self, chosen: Tensor | None = None) -> Tensor:
        """Vectors `[k, d]` of the chosen rows `[k]`, each at most once; None for all `[n, d]`."""
        ...

    def shared(self) -> list[nn.Parameter]:
        """Parameters that the vectors of all entities are made of."""
        ...


class FreeRows(nn.Module):
    """A free row an entity.

    Args:
        rows: initial values `[n, d]`.
        sparse: whether chosen rows get a sparse gradient, of them alone.
    """

    def __init__(self, rows: Tensor, *, sparse: bool = False) -> None:
        super().__init__()
        self.rows = nn.Parameter(rows)
        self.sparse = sparse

    def forward(self, chosen: Tensor | None = None) -> Tensor:
        """Vectors `[k, d]` of the chosen rows, or of all."""
        if chosen is None:
            return self.rows
        return F.embedding(chosen, self.rows, sparse=self.sparse)

    def shared(self) -> list[nn.Parameter]:
        """None: each row is one entity's."""
        return []
