"""Balanced accuracy and what stands beside it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score, f1_score

from kgtransfer.classification.metrics import (
    balanced_scores,
    class_metrics,
    confusion,
    energy,
    probabilities,
    scored_rows,
)

LABELS = st.lists(st.integers(0, 3), min_size=2, max_size=60)


@given(LABELS, st.integers(0, 2**31))
def test_the_mean_score_is_the_balanced_accuracy(targets: list[int], seed: int) -> None:
    true = np.array(targets)
    found = np.random.default_rng(seed).integers(0, 4, len(true))
    found[true == found.max()] = true[0]
    scores = balanced_scores(found == true, true)
    recalls = [np.mean(found[true == c] == c) for c in np.unique(true)]
    assert scores.mean() == pytest.approx(np.mean(recalls))


def test_it_is_that_of_scikit_learn() -> None:
    true, found = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 0, 2])
    scores = balanced_scores(found == true, true)
    assert scores.mean() == pytest.approx(balanced_accuracy_score(true, found))


def test_classes_of_fewer_than_ten_images_are_left_out_of_the_score() -> None:
    targets = np.array([0] * 10 + [1] * 9 + [2] * 12)
    assert set(targets[scored_rows(targets)]) == {0, 2}
    assert len(scored_rows(np.array([0, 1, 1]))) == 3  # nothing has ten: all count


def test_figures_of_a_small_example() -> None:
    logits = np.log(np.array([[0.8, 0.2], [0.6, 0.4], [0.3, 0.7], [0.9, 0.1]]))
    targets = np.array([0, 1, 1, 0])
    figures = class_metrics(logits, targets)
    assert confusion(logits, targets).tolist() == [[2, 0], [1, 1]]
    assert figures["accuracy"] == 0.75
    assert figures["macro_f1"] == pytest.approx(
        f1_score(targets, logits.argmax(axis=1), average="macro")
    )
    # Bins hold one sample each: |.8-1| + |.6-0| + |.7-1| + |.9-1|, over four.
    assert figures["ece"] == pytest.approx((0.2 + 0.6 + 0.3 + 0.1) / 4)
    assert figures["log_loss"] == pytest.approx(-np.log([0.8, 0.4, 0.7, 0.9]).mean())


def test_probabilities_survive_large_logits() -> None:
    shares = probabilities(np.array([[1000.0, 0.0], [-1000.0, -1000.0]]))
    np.testing.assert_allclose(shares, [[1, 0], [0.5, 0.5]])


def test_the_energy_is_high_where_no_class_speaks_up() -> None:
    found = energy(np.array([[10.0, 0.0], [0.0, 0.0], [-5.0, -5.0], [1000.0, 1000.0]]))
    np.testing.assert_allclose(found[:3], [-10.0000454, -np.log(2), 5 - np.log(2)], rtol=1e-6)
    assert np.isfinite(found).all()
