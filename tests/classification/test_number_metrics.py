"""Predicted numbers: scores whose mean is scikit-learn's R2."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import r2_score

from kgtransfer.classification.number_metrics import number_metrics, r2_scores


@given(st.integers(0, 10_000), st.integers(3, 50), st.floats(0.1, 1e3))
def test_the_mean_score_is_r2(seed: int, samples: int, scale: float) -> None:
    true, predicted = scale * np.random.default_rng(seed).normal(size=(2, samples))
    assert r2_scores(predicted, true).mean() == pytest.approx(r2_score(true, predicted))


def test_equal_numbers_are_met_or_missed() -> None:
    assert r2_scores(np.array([2.0, 3.0]), np.array([2.0, 2.0])).tolist() == [1, 0]


def test_errors_are_in_the_unit_of_the_number() -> None:
    figures = number_metrics(np.array([1.0, 2.0, 7.0]), np.array([1.0, 2.0, 3.0]))
    assert figures["mae"] == pytest.approx(4 / 3)
    assert figures["rmse"] == pytest.approx((16 / 3) ** 0.5)
    assert figures["spearman"] == pytest.approx(1.0)


def test_what_does_not_vary_does_not_correlate() -> None:
    assert number_metrics(np.ones(3), np.arange(3.0))["spearman"] == 0.0
