"""Scores of queries with documents -> ranks and metrics, query by query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kgtransfer.experiments.task import FitResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["hits_at", "ranking_result", "ranks_of", "reciprocal_ranks"]

FloatArray = npt.NDArray[np.float64]


def ranks_of(scores: npt.ArrayLike, targets: Sequence[int]) -> FloatArray:
    """Scores `[queries, documents]` -> rank of each query's right document, counted from 1.

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
    """Ranks -> 1 / rank; the mean is the MRR."""
    return 1.0 / ranks


def hits_at(k: int, ranks: FloatArray) -> float:
    """Ranks -> share of queries whose right document is among the first k: R@k."""
    return float((ranks <= k).mean())


def ranking_result(
    scores: npt.ArrayLike,
    targets: Sequence[int],
    *,
    gates: Mapping[str, float] | None = None,
    seconds: float = 0.0,
) -> FitResult:
    """Scores of a fitted model -> reciprocal rank of each query, R@1 and R@10.

    Args:
        scores: `[queries, documents]`, larger is better.
        targets: the column of each query's right document.
        gates: of the model, by name.
        seconds: of fit and scoring.
    """
    ranks = ranks_of(scores, targets)
    return FitResult(
        per_sample=reciprocal_ranks(ranks),
        metrics={"r@1": hits_at(1, ranks), "r@10": hits_at(10, ranks)},
        gates=gates or {},
        seconds=seconds,
    )
