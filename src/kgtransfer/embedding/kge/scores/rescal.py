"""RESCAL."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["RESCAL"]


class RESCAL:
    """RESCAL (Nickel et al., ICML 2011): `h^T R t`, a full matrix a relation."""

    components = 1
    bilinear = True

    def widths(self, dim: int) -> tuple[int, int]:
        """A relation's row is its `dim x dim` matrix."""
        return dim, dim * dim

    def heads(self, rows: Tensor) -> Tensor:
        """The whole row."""
        return rows

    def keys(self, rows: Tensor) -> Tensor:
        """The whole row."""
        return rows

    def queries(self, heads: Tensor, relations: Tensor) -> Tensor:
        """`h^T R`."""
        matrices = relations.view(len(relations), heads.shape[-1], -1)
        return torch.einsum("bi,bij->bj", heads, matrices)

    def compare(self, queries: Tensor, keys: Tensor) -> Tensor:
        """Dot products `[batch, n]`."""
        return queries @ keys.T

    def relation_queries(self, heads: Tensor, keys: Tensor) -> Tensor:
        """`h t^T`, as a row."""
        return torch.einsum("bi,bj->bij", heads, keys).flatten(1)
