"""Reciprocal ranks of queries -> a result in the form that MTEB and CoIR write theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["mteb_result"]

CUTS = (1, 10, 100)


def mteb_result(
    reciprocal_ranks: npt.ArrayLike,
    task: str,
    *,
    languages: tuple[str, ...] = (),
    seconds: float = 0.0,
) -> dict[str, Any]:
    """Reciprocal ranks -> task name and scores, `ndcg_at_10` the main one.

    Each query has one right document, so that its discounted gain at k is 1 / log2(1 + rank) for a
    rank up to k, and 0 else; the best there is is 1. (MTEB: arXiv 2210.07316; CoIR: 2407.02883.)

    Args:
        reciprocal_ranks: `[seeds, queries]`; the scores are means over both.
        task: its name.
        languages: of queries and code, such as `eng-Latn` and `sql-Code`.
        seconds: of fitting and scoring.
    """
    ranks = 1.0 / np.asarray(reciprocal_ranks, dtype=np.float64)
    scores: dict[str, Any] = {}
    for k in CUTS:
        found = ranks <= k
        scores[f"ndcg_at_{k}"] = float(np.where(found, 1 / np.log2(1 + ranks), 0.0).mean())
        scores[f"mrr_at_{k}"] = float(np.where(found, 1 / ranks, 0.0).mean())
        scores[f"recall_at_{k}"] = float(found.mean())
    main = scores["ndcg_at_10"]
    split = {"hf_subset": "default", "languages": list(languages), "main_score": main, **scores}
    return {"task_name": task, "evaluation_time": seconds, "scores": {"test": [split]}}
