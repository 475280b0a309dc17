"""DistMult."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["DistMult"]


class DistMult:
    """DistMult (Yang et al., ICLR 2015): `sum_k h_k r_k t_k`; blind to direction by itself."""

    components = 1
    bilinear = True

    def widths(self, dim: int) -> tuple[int, int]:
        """One column a factor."""
        return dim, dim

    def heads(self, rows: Tensor) -> Tensor:
        """The whole row."""
        return rows

    def keys(self, rows: Tensor) -> Tensor:
        """The whole row."""
        return rows

    def queries(self, heads: Tensor, relations: Tensor) -> Tensor:
        """`h r`."""
        return heads * relations

    def compare(self, queries: Tensor, keys: Tensor) -> Tensor:
        """Dot products `[batch, n]`."""
        return queries @ keys.T

    def relation_queries(self, heads: Tensor, keys: Tensor) -> Tensor:
        """`h t`."""
        return heads * keys
