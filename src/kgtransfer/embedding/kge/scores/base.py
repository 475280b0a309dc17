"""What a score function has to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import torch

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["Score", "ScoreFunction", "complex_product"]


class Score(Protocol):
    """A score in two steps: a query of (head, relation) is compared with the key of every tail.

    Heads are asked for as tails of the reciprocal relation (Lacroix et al., ICML 2018), so one
    direction is enough.
    """

    @property
    def bilinear(self) -> bool:
        """Whether `compare` is the dot product, so that all tails are one matmul."""
        ...

    def heads(self, rows: Tensor) -> Tensor:
        """The columns `[k, q]` of entities' rows that speak when they are heads."""
        ...

    def keys(self, rows: Tensor) -> Tensor:
        """The columns `[k, q]` of entities' rows that speak when they are tails."""
        ...

    def queries(self, heads: Tensor, relations: Tensor) -> Tensor:
        """Heads `[batch, q]` and relations' rows `[batch, r]` -> queries `[batch, q]`."""
        ...

    def compare(self, queries: Tensor, keys: Tensor) -> Tensor:
        """Queries `[batch, q]` and keys `[n, q]` -> scores `[batch, n]`."""
        ...


class ScoreFunction(Score, Protocol):
    """A score of vectors alone, which are learnt.

    A question for the relation is put in the same way; None where the score function has no such
    query.
    """

    @property
    def components(self) -> int:
        """Real columns that one factor has, side by side: 2 for complex numbers."""
        ...

    def widths(self, dim: int) -> tuple[int, int]:
        """Columns of an entity's row and of a relation's row for `dim` factors."""
        ...

    def relation_queries(self, heads: Tensor, keys: Tensor) -> Tensor | None:
        """`[batch, r]` whose dot products with relations' rows are the scores; else None."""
        ...


def complex_product(left: Tensor, right: Tensor) -> Tensor:
    """Products of complex numbers `[batch, 2 dim]`: real parts first, then imaginary ones."""
    (a, b), (c, d) = left.chunk(2, dim=-1), right.chunk(2, dim=-1)
    return torch.cat([a * c - b * d, a * d + b * c], dim=-1)
