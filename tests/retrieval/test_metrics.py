"""Ranks and what is made of them."""

from __future__ import annotations

import numpy as np

from kgtransfer.retrieval.bm25 import Bm25
from kgtransfer.retrieval.metrics import (
    hits_at,
    ranking_result,
    ranks_of,
    reciprocal_ranks,
)
from kgtransfer.retrieval.negatives import mixed_negatives


def test_ranks_count_from_one_and_ties_share() -> None:
    scores = [[0.9, 0.1, 0.5], [0.2, 0.2, 0.2], [0.1, 0.7, 0.7]]
    assert ranks_of(scores, [2, 0, 1]).tolist() == [2.0, 2.0, 1.5]


def test_a_constant_scorer_gains_nothing() -> None:
    ranks = ranks_of(np.zeros((4, 99)), [0, 5, 7, 98])
    assert ranks.tolist() == [50.0] * 4


def test_metrics() -> None:
    ranks = np.array([1.0, 2.0, 10.0, 11.0])
    assert reciprocal_ranks(ranks).tolist() == [1.0, 0.5, 0.1, 1 / 11]
    assert (hits_at(1, ranks), hits_at(10, ranks)) == (0.25, 0.75)


def test_scores_become_reciprocal_ranks_and_hits() -> None:
    scores = [[0.9, 0.1], [0.8, 0.2]]
    result = ranking_result(scores, [0, 1], gates={"class": 0.5}, seconds=2.0)
    assert result.per_sample.tolist() == [1.0, 0.5]
    assert result.metrics == {"r@1": 0.5, "r@10": 1.0}
    assert (result.gates, result.seconds) == ({"class": 0.5}, 2.0)


def test_bm25_matches_the_formula_by_hand() -> None:
    scores = Bm25(["read rows", "read file file", "other"]).scores(["read rows"])
    lengths, mean = [2, 3, 1], 2.0
    idf_read, idf_rows = np.log(1 + 1.5 / 2.5), np.log(1 + 2.5 / 1.5)
    damping = [1.2 * (0.25 + 0.75 * length / mean) for length in lengths]
    expected = [
        (idf_read + idf_rows) * 2.2 / (1 + damping[0]),
        idf_read * 2.2 / (1 + damping[1]),
        0,
    ]
    np.testing.assert_allclose(scores, [expected])


def test_bm25_of_unknown_words_is_zero() -> None:
    assert Bm25(["read file", "write file"]).scores(["zebra"]).tolist() == [[0.0, 0.0]]


def test_negatives_are_never_the_positive_and_half_are_hard() -> None:
    rng = np.random.default_rng(0)
    scores = rng.random((200, 300)).astype(np.float32) * 0.5
    positives = np.arange(200)
    scores[positives, positives] = 1.0
    chosen = mixed_negatives(scores, positives, np.random.default_rng(1))
    assert not (chosen == positives).any()
    ranks = ranks_of(scores, chosen.tolist())
    assert 0.45 < ((ranks >= 10) & (ranks <= 51)).mean() < 0.75
    assert (ranks > 100).mean() > 0.25


def test_a_document_as_good_as_the_positive_is_no_hard_negative() -> None:
    scores = np.full((50, 60), 0.99, dtype=np.float32)
    scores[:, 40:] = np.linspace(0.5, 0.1, 20)
    scores[np.arange(50), np.arange(50) % 40] = 1.0
    chosen = [
        mixed_negatives(scores, np.arange(50) % 40, np.random.default_rng(seed))
        for seed in range(20)
    ]
    hard_share = (np.stack(chosen) >= 40).mean()
    assert hard_share > 0.5  # half are random (a third of them hard by chance), the rest are hard
