"""Draws of labels: every class, label or range of numbers gets its share."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kgtransfer.classification.draws import balanced_draw, label_draw, quantile_draw


def test_a_draw_is_balanced_and_takes_all_where_there_are_fewer() -> None:
    targets = np.array([0] * 6 + [1] * 3 + [2] * 8)
    rows = balanced_draw(targets, 4, seed=0)
    assert np.bincount(targets[rows]).tolist() == [4, 3, 4]
    assert len(set(rows)) == 11
    assert rows == balanced_draw(targets, 4, seed=0)
    assert rows != balanced_draw(targets, 4, seed=1)
    assert balanced_draw(targets, 0, seed=0) == []


@given(
    arrays(np.int64, st.tuples(st.integers(1, 40), st.integers(1, 5)), elements=st.integers(0, 1)),
    st.integers(0, 6),
    st.integers(0, 9),
)
def test_each_label_is_drawn_with_and_without(
    targets: np.ndarray, per_label: int, seed: int
) -> None:
    rows = label_draw(targets.astype(np.float64), per_label, seed)
    assert len(set(rows)) == len(rows)
    assert rows == label_draw(targets.astype(np.float64), per_label, seed)
    for side in (0, 1):
        wanted = np.minimum(per_label, (targets == side).sum(axis=0))
        assert ((targets[rows] == side).sum(axis=0) >= wanted).all()


def test_a_draw_of_labels_takes_no_more_than_it_needs() -> None:
    """Two labels that go together need one sample with both, and one with neither."""
    targets = np.array([[1, 1], [0, 0]] * 10, dtype=np.float64)
    assert len(label_draw(targets, 3, seed=0)) == 6


def test_numbers_are_drawn_from_their_whole_range() -> None:
    targets = np.random.default_rng(0).permutation(100).astype(np.float64)
    rows = quantile_draw(targets, 5, seed=0)
    assert sorted(targets[rows] // 20) == [0, 1, 2, 3, 4]
    assert rows == quantile_draw(targets, 5, seed=0)
    assert rows != quantile_draw(targets, 5, seed=1)
    assert sorted(quantile_draw(targets[:3], 9, seed=0)) == [0, 1, 2]
    assert quantile_draw(targets, 0, seed=0) == []


def test_equal_numbers_are_drawn_at_random() -> None:
    draws = {tuple(quantile_draw(np.zeros(50), 2, seed)) for seed in range(5)}
    assert len(draws) == 5
