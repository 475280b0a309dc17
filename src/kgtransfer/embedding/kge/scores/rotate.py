"""RotatE."""

from __future__ import annotations

import torch
from torch import Tensor

from kgtransfer.embedding.kge.scores.base import complex_product

__all__ = ["RotatE"]


class RotatE:
    """RotatE (Sun et al., ICLR 2019): `-||h r - t||`, complex, each factor of `r` a rotation.

    A relation's row is any complex vector; each of its factors is divided by its modulus. The
    norm is the L2 norm of the complex vector.
    """

    components = 2
    bilinear = False

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
        """`h r / |r|`."""
        turned = complex_product(heads, relations)
        r_re, r_im = relations.chunk(2, dim=-1)
        moduli = (r_re.square() + r_im.square()).clamp_min(1e-24).sqrt()
        return turned / torch.cat([moduli, moduli], dim=-1)

    def compare(self, queries: Tensor, keys: Tensor) -> Tensor:
        """Negative distances `[batch, n]`."""
        return -torch.cdist(queries, keys)

    def relation_queries(self, heads: Tensor, keys: Tensor) -> None:
        """None: a distance is no dot product."""
