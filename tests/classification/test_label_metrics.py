"""Several labels at once: scores whose mean is scikit-learn's macro balanced accuracy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score

from kgtransfer.classification.label_metrics import (
    label_metrics,
    label_reliability,
    label_rows,
    macro_balanced_scores,
    scored_labels,
    side_weights,
)


@given(st.integers(0, 10_000), st.integers(25, 60), st.integers(1, 4))
def test_the_mean_score_is_macro_balanced_accuracy(seed: int, samples: int, labels: int) -> None:
    random = np.random.default_rng(seed)
    truth, found = random.random((2, samples, labels)) < 0.5
    truth[0], truth[1] = True, False
    scores = macro_balanced_scores(found == truth, truth)
    theirs = [balanced_accuracy_score(truth[:, c], found[:, c]) for c in scored_labels(truth)]
    assert scores.mean() == pytest.approx(np.mean(theirs))


def test_right_answers_score_one_each_so_that_their_interval_has_no_width() -> None:
    truth = np.random.default_rng(0).random((50, 3)) < [0.3, 0.5, 0.7]
    assert macro_balanced_scores(np.ones_like(truth), truth) == pytest.approx(np.ones(50))


def test_a_label_with_fewer_than_ten_of_either_side_is_only_counted() -> None:
    truth = np.zeros((30, 3), dtype=bool)
    truth[:12, 0], truth[:9, 1], truth[:21, 2] = True, True, True
    assert scored_labels(truth).tolist() == [0]
    assert scored_labels(truth[:, 1:]).tolist() == [0, 1]  # none has ten: any will do
    right = np.ones_like(truth)
    right[:, 1:] = False
    assert macro_balanced_scores(right, truth).mean() == pytest.approx(1.0)


def test_either_side_of_a_label_weighs_the_same() -> None:
    truth = np.array([[True, True], [False, True], [False, True], [False, True]])
    weights = side_weights(truth, truth.mean(axis=0))
    assert weights[:, 0].tolist() == pytest.approx([2, 2 / 3, 2 / 3, 2 / 3])
    assert weights[:, 1].tolist() == [1, 1, 1, 1]  # one side alone


def test_labels_that_are_ranked_right_have_a_precision_of_one() -> None:
    truth = np.array([[True, False], [False, True]] * 10)
    metrics = label_metrics(np.where(truth, 1.0, -3.0), truth)
    ranked = ("macro_average_precision", "label_ranking_average_precision", "micro_f1")
    assert [metrics[name] for name in ranked] == [1.0, 1.0, 1.0]
    assert label_metrics(np.where(truth, -2.0, -3.0), truth)["micro_f1"] == 0.0


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    truth = np.array([[True]] * 15 + [[False]] * 15)
    found = label_reliability(np.where(truth, 30.0, -30.0), truth)
    assert found["ece"] == pytest.approx(0.0, abs=1e-9)
    assert found["bins"] == [{"confidence": pytest.approx(1), "accuracy": 1, "count": 30}]
    wrong = label_reliability(np.where(truth, -30.0, 30.0), truth)
    assert wrong["ece"] == pytest.approx(1.0)


def test_rows_say_what_of_each_label_is_right() -> None:
    truth = np.array([[True, False]] * 10 + [[False, False]] * 10)
    logits = np.where(truth, 1.0, -1.0)
    logits[0, 0] = -2.0
    disc, frame = label_rows(logits, truth, ("disc", "frame"))
    assert (disc["label"], disc["with"], disc["without"]) == ("disc", 10, 10)
    assert (disc["sensitivity"], disc["specificity"]) == (0.9, 1.0)
    assert (frame["sensitivity"], frame["average_precision"]) == (None, None)
    assert (disc["scored"], frame["scored"]) == (True, False)
