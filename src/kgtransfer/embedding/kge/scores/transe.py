"""TransE."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["TransE"]


class TransE:
    """TransE (Bordes et al., NeurIPS 2013): `-||h + r - t||_p`.

    Args:
        p: 1 or 2, of the norm. The L2 norm is a matmul at heart, and far faster.
    """

    components = 1
    bilinear = False

    def __init__(self, p: int = 2) -> None:
        self.p = float(p)

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
        """`h + r`."""
        return heads + relations

    def compare(self, queries: Tensor, keys: Tensor) -> Tensor:
        """Negative distances `[batch, n]`."""
        return -torch.cdist(queries, keys, p=self.p)

    def relation_queries(self, heads: Tensor, keys: Tensor) -> None:
        """None: a distance is no dot product."""
