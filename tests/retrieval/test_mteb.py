"""Results in the form of MTEB."""

from __future__ import annotations

import pytest

from kgtransfer.retrieval.mteb import mteb_result


def test_scores_are_means_over_queries_and_seeds() -> None:
    result = mteb_result([[1.0, 1 / 3], [1.0, 1 / 11]], "SQL", languages=("sql-Code",))
    assert result["task_name"] == "SQL"
    (scores,) = result["scores"]["test"]
    assert scores["main_score"] == scores["ndcg_at_10"] == pytest.approx((1 + 0.5 + 1 + 0) / 4)
    assert scores["mrr_at_10"] == pytest.approx((1 + 1 / 3 + 1 + 0) / 4)
    assert scores["mrr_at_100"] == pytest.approx((1 + 1 / 3 + 1 + 1 / 11) / 4)
    assert (scores["recall_at_1"], scores["recall_at_10"]) == (0.5, 0.75)
    assert scores["languages"] == ["sql-Code"]
