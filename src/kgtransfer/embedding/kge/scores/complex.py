"""ComplEx."""

from __future__ import annotations

import torch
from torch import Tensor

from kgtransfer.embedding.kge.scores.base import complex_product

__all__ = ["ComplEx"]


class ComplEx:
    """ComplEx (Trouillon et al., ICML 2016): `Re(sum_k h_k r_k conj(t_k))`.

    Real parts in the first half of the columns, imaginary parts in the second.
    """

    components = 2
    bilinear = True

    def widths(self, dim: int) -> tuple[int, int]:
        """Two columns a factor."""
        return 2 * dim, 2 * dim

    def heads(self, rows: Tensor) -> Tensor:
        """The whole row."""
        return rows

    def keys(self, rows: Tensor) -> Tensor:
        """The whole row."""
        return rows

    def queries(self, heads: Tensor, relations: Tensor) -> Tensor:
        """`h r`, so that the real part of its product with `conj(t)` is a dot product."""
        return complex_product(heads, relations)

    def compare(self, queries: Tensor, keys: Tensor) -> Tensor:
        """Dot products `[batch, n]`."""
        return queries @ keys.T

    def relation_queries(self, heads: Tensor, keys: Tensor) -> Tensor:
        """`conj(h conj(t))`, since the score is the real part of `r h conj(t)`."""
        (h_re, h_im), (t_re, t_im) = heads.chunk(2, dim=-1), keys.chunk(2, dim=-1)
        return torch.cat([h_re * t_re + h_im * t_im, h_re * t_im - h_im * t_re], dim=-1)
