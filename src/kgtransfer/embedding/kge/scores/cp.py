"""Canonical polyadic decomposition."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["CP"]


class CP:
    """CP (Hitchcock, 1927; Lacroix et al., ICML 2018): `sum_k h_k r_k t_k`.

    Unlike DistMult's, an entity's factors as a head, the first half of its row, are not those
    that it has as a tail.
    """

    components = 1
    bilinear = True

    def widths(self, dim: int) -> tuple[int, int]:
        """An entity has one column a factor and side."""
        return 2 * dim, dim

    def heads(self, rows: Tensor) -> Tensor:
        """The first half of the columns."""
        return rows.chunk(2, dim=-1)[0]

    def keys(self, rows: Tensor) -> Tensor:
        """The second half of the columns."""
        return rows.chunk(2, dim=-1)[1]

    def queries(self, heads: Tensor, relations: Tensor) -> Tensor:
        """`h r`."""
        return heads * relations

    def compare(self, queries: Tensor, keys: Tensor) -> Tensor:
        """Dot products `[batch, n]`."""
        return queries @ keys.T

    def relation_queries(self, heads: Tensor, keys: Tensor) -> Tensor:
        """`h t`."""
        return heads * keys
