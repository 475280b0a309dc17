"""Ranking metrics, per query, so that arms can be compared query by query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["hits_at", "ranks_of", "reciprocal_ranks"]

FloatArray = npt.NDArray[np.float64]


def ranks_of(scores: npt.ArrayLike, targets: Sequence[int]) -> FloatArray:
    """Rank of each query's right document, counted from 1.

    Ties get the mean of the best and the worst rank they could have (the "realistic" rank), so
    that a constant scorer gains nothing.

    Args:
        scores: `[queries, documents]`, larger is better.
        targets: the column of each query's right document.
    """
    table = np.asarray(scores, dtype=np.float64)
    own = table[np.arange(len(table)), list(targets)][:, None]
    better, equal = (table > own).sum(axis=1), (table == own).sum(axis=1)
    ranks: FloatArray = better + (equal + 1) / 2
    return ranks


def reciprocal_ranks(ranks: FloatArray) -> FloatArray:
    """1 / rank: its mean is the MRR."""
    return 1.0 / ranks


def hits_at(k: int, ranks: FloatArray) -> float:
    """Share of queries whose right document is among the first k (R@k with one right document)."""
    return float((ranks <= k).mean())
