"""Two score functions together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

    from kgtransfer.embedding.kge.scores.base import Score

__all__ = ["SumScore"]


class SumScore:
    """The sum of two scores, over rows that stand side by side.

    Args:
        first: scores the first columns.
        second: scores the other ones.
        entity: columns of an entity's row that are the first's.
        relation: columns of a relation's row that are the first's.
    """

    def __init__(self, first: Score, second: Score, entity: int, relation: int) -> None:
        self.first, self.second = first, second
        self._entity, self._relation = entity, relation
        self._query = first.heads(torch.zeros(1, entity)).shape[1]
        self.bilinear = first.bilinear and second.bilinear

    def heads(self, rows: Tensor) -> Tensor:
        """Of the first, then of the second."""
        left, right = rows[:, : self._entity], rows[:, self._entity :]
        return torch.cat([self.first.heads(left), self.second.heads(right)], dim=1)

    def keys(self, rows: Tensor) -> Tensor:
        """Of the first, then of the second."""
        left, right = rows[:, : self._entity], rows[:, self._entity :]
        return torch.cat([self.first.keys(left), self.second.keys(right)], dim=1)

    def queries(self, heads: Tensor, relations: Tensor) -> Tensor:
        """Of the first, then of the second."""
        left = self.first.queries(heads[:, : self._query], relations[:, : self._relation])
        right = self.second.queries(heads[:, self._query :], relations[:, self._relation :])
        return torch.cat([left, right], dim=1)

    def compare(self, queries: Tensor, keys: Tensor) -> Tensor:
        """The sum."""
        left = self.first.compare(queries[:, : self._query], keys[:, : self._query])
        return left + self.second.compare(queries[:, self._query :], keys[:, self._query :])
