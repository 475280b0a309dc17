"""Ranks without learning: how often the training links have a candidate by the relation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from kgtransfer.embedding.kge.triples import with_reciprocals

if TYPE_CHECKING:
    from torch import Tensor

    from kgtransfer.embedding.kge.triples import Triples

__all__ = ["Popularity", "popularity_rows"]


class Popularity:
    """A `Score` of rows of counts: an entity has one a relation, a relation is one of them."""

    bilinear = True

    def heads(self, rows: Tensor) -> Tensor:
        """The whole row, of which a query takes nothing: the head makes no difference."""
        return rows

    def keys(self, rows: Tensor) -> Tensor:
        """The whole row."""
        return rows

    def queries(self, heads: Tensor, relations: Tensor) -> Tensor:
        """The relation's unit vector."""
        return relations

    def compare(self, queries: Tensor, keys: Tensor) -> Tensor:
        """Dot products `[batch, n]`: the counts of the relation."""
        return queries @ keys.T


def popularity_rows(triples: Triples) -> tuple[Tensor, Tensor]:
    """Training links -> counts `[n, 2 r]` of each entity as a tail, and unit rows `[2 r, 2 r]`."""
    width = 2 * len(triples.relations)
    _, relation, tail = with_reciprocals(triples.train, len(triples.relations)).T
    counts = np.bincount(tail * width + relation, minlength=len(triples.entities) * width)
    return torch.from_numpy(counts.reshape(-1, width)).float(), torch.eye(width)
