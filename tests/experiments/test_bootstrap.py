from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.isotonic import isotonic_regression

from kgtransfer.experiments import bootstrap
from kgtransfer.experiments.bootstrap import bootstrap_means, first_reach, interval, isotonic


def test_means_of_a_constant_table_are_the_constant() -> None:
    means = bootstrap_means(np.full((3, 50), 0.25), resamples=200)
    assert means.shape == (200,)
    np.testing.assert_allclose(means, 0.25, rtol=0, atol=1e-12)


def test_spread_is_that_of_the_mean() -> None:
    # One seed: the bootstrap's standard error of a mean is sd / sqrt(n).
    scores = np.random.default_rng(1).normal(size=(1, 400))
    spread = bootstrap_means(scores, resamples=4000).std()
    assert spread == pytest.approx(scores.std() / math.sqrt(400), rel=0.05)


def test_seeds_are_resampled_too() -> None:
    # Samples agree wholly and seeds do not: all the spread is the seeds'.
    scores = np.repeat([[0.0], [1.0]], 30, axis=1)
    means = bootstrap_means(scores, resamples=4000)
    assert sorted(set(means.round(9))) == [0.0, 0.5, 1.0]
    assert (means.round(9) == 0.5).mean() == pytest.approx(0.5, abs=0.03)


def test_leading_entries_share_their_draws_and_draws_repeat() -> None:
    scores = np.random.default_rng(2).random((2, 3, 40))
    means = bootstrap_means(np.stack([scores[0], scores[0] + 1, scores[1]]), resamples=100)
    np.testing.assert_allclose(means[:, 1] - means[:, 0], 1.0)
    np.testing.assert_array_equal(means[:, 2], bootstrap_means(scores[1], resamples=100))
    assert not np.array_equal(means[:, 2], bootstrap_means(scores[1], resamples=100, seed=1))


def test_chunks_cover_every_resample() -> None:
    scores = np.ones((1, 1_500_000))  # two resamples a chunk
    np.testing.assert_allclose(bootstrap_means(scores, resamples=3), 1.0)


def test_interval_cuts_both_tails_and_keeps_infinity() -> None:
    assert interval(np.arange(1000.0)) == (25.0, 974.0)
    assert interval([1.0] * 50 + [math.inf] * 50) == (1.0, math.inf)


@given(arrays(np.float64, (2, 6), elements=st.floats(-5, 5)))
def test_isotonic_is_the_least_squares_fit(values: np.ndarray) -> None:
    expected = [isotonic_regression(row) for row in values]
    np.testing.assert_allclose(isotonic(values), expected, atol=1e-9)


def test_first_reach_reads_between_the_points() -> None:
    curve = [[0.1, 0.2, 0.4]] * 5
    targets = [0.05, 0.15, 0.2, 0.3, 0.5]
    assert first_reach(targets, curve, [0, 10, 50]).round(9).tolist() == [0, 5, 10, 30, math.inf]


def test_first_reach_takes_the_start_of_a_plateau() -> None:
    assert first_reach([0.2], [[0.1, 0.2, 0.2]], [0, 10, 50]).tolist() == [10]


def test_strata_keep_their_sizes() -> None:
    # Within each class samples agree: nothing is left to vary, however few a class has.
    scores = np.repeat([[1.0, 0.0]], [3, 9], axis=1)
    strata = [0] * 3 + [1] * 9
    np.testing.assert_allclose(bootstrap_means(scores, strata=strata, resamples=50), 0.25)
    assert bootstrap_means(scores, resamples=50).std() > 0.05


def test_one_stratum_is_no_stratum_in_spread() -> None:
    scores = np.random.default_rng(3).normal(size=(2, 300))
    plain = bootstrap_means(scores, resamples=3000).std()
    assert bootstrap_means(scores, strata=[7] * 300, resamples=3000).std() == pytest.approx(
        plain, rel=0.1
    )


@pytest.mark.parametrize("strata", [(), (0, 1) * 10_000])
def test_draws_for_many_samples_are_made_once(strata: tuple[int, ...]) -> None:
    scores = np.random.default_rng(0).random((2, 20_000))
    first = bootstrap_means(scores, strata=strata)
    made = bootstrap._counts.cache_info().misses
    assert np.array_equal(bootstrap_means(scores, strata=strata), first)
    assert bootstrap._counts.cache_info().misses == made


def test_groups_are_drawn_whole() -> None:
    # Four groups of five whose samples agree: the spread is that of four values, not of twenty.
    scores = np.repeat([[0.0, 0.0, 1.0, 1.0]], 5, axis=1)
    means = bootstrap_means(scores, groups=np.repeat([3, 1, 0, 9], 5).tolist(), resamples=4000)
    assert sorted(set(means.round(9))) == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert means.std() == pytest.approx(0.5 / math.sqrt(4), rel=0.05)
    assert bootstrap_means(scores, resamples=4000).std() == pytest.approx(
        0.5 / math.sqrt(20), rel=0.05
    )


def test_groups_of_one_sample_are_no_groups_in_spread() -> None:
    scores = np.random.default_rng(3).normal(size=(2, 300))
    strata = [0] * 100 + [1] * 200
    np.testing.assert_allclose(
        bootstrap_means(scores, strata=strata, groups=range(300), resamples=100),
        bootstrap_means(scores, strata=strata, resamples=100),
    )


def test_strata_keep_their_sizes_with_groups_across_them() -> None:
    # The second group lies in both strata; the second stratum is empty where it is not drawn.
    scores = np.repeat([[1.0, 0.0]], [6, 2], axis=1)
    means = bootstrap_means(
        scores, strata=[0] * 6 + [1] * 2, groups=[0, 0, 0, 1, 1, 1, 1, 1], resamples=200
    )
    np.testing.assert_allclose(means, 0.75)
