"""Score functions of knowledge-graph embeddings: how plausible each entity is as the tail."""

from __future__ import annotations

from types import MappingProxyType
from typing import ClassVar, Final, Protocol

import torch
from torch import Tensor

__all__ = ["SCORES", "ComplEx", "DistMult", "ScoreFunction", "TransE"]


class ScoreFunction(Protocol):
    """Scores every candidate tail of a batch of (head, relation) pairs.

    Heads are asked for as tails of the reciprocal relation, so one direction is enough.
    `components` is the number of real columns that one factor has: a vector of `dim` factors is
    `dim * components` wide, the columns of one component side by side.
    """

    components: ClassVar[int]

    def scores(self, heads: Tensor, relations: Tensor, tails: Tensor) -> Tensor:
        """Heads `[batch, d]`, relations `[batch, d]`, tails `[n, d]` -> scores `[batch, n]`."""
        ...


class ComplEx:
    """ComplEx (Trouillon et al., ICML 2016): `Re(sum_k h_k r_k conj(t_k))`.

    Real parts in the first half of the columns, imaginary parts in the second; for each
    (head, relation) the score is linear in the tail, so all tails are one matmul.
    """

    components: ClassVar[int] = 2

    def scores(self, heads: Tensor, relations: Tensor, tails: Tensor) -> Tensor:
        """Scores `[batch, n]` of heads `[batch, 2 dim]` and tails `[n, 2 dim]`."""
        (h_re, h_im), (r_re, r_im) = heads.chunk(2, dim=-1), relations.chunk(2, dim=-1)
        queries = torch.cat([h_re * r_re - h_im * r_im, h_re * r_im + h_im * r_re], dim=-1)
        return queries @ tails.T


class DistMult:
    """DistMult (Yang et al., ICLR 2015): `sum_k h_k r_k t_k`; blind to direction by itself."""

    components: ClassVar[int] = 1

    def scores(self, heads: Tensor, relations: Tensor, tails: Tensor) -> Tensor:
        """Scores `[batch, n]` of heads `[batch, dim]` and tails `[n, dim]`."""
        return (heads * relations) @ tails.T


class TransE:
    """TransE (Bordes et al., NeurIPS 2013) with the L2 norm: `-||h + r - t||`."""

    components: ClassVar[int] = 1

    def scores(self, heads: Tensor, relations: Tensor, tails: Tensor) -> Tensor:
        """Scores `[batch, n]` of heads `[batch, dim]` and tails `[n, dim]`."""
        return -torch.cdist(heads + relations, tails)


SCORES: Final = MappingProxyType[str, ScoreFunction](
    {"complex": ComplEx(), "distmult": DistMult(), "transe": TransE()}
)
