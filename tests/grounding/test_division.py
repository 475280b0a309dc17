from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kgtransfer.grounding.division import CLEAR, FAINT, divided

Draw = Callable[[np.random.Generator, int], np.ndarray]


def test_two_groups_are_divided_midway_in_the_gap() -> None:
    values = np.array([0.1, 0.2, 0.3, 0.2, 0.1, 0.9, 0.8, 0.9, 0.8, 0.7] * 6)
    division = divided(values)
    assert division is not None
    assert division.thresholds == (pytest.approx(0.5),)
    assert division.word == "clear"


def test_three_groups_have_two_thresholds() -> None:
    random = np.random.default_rng(0)
    values = np.concatenate([random.normal(at, 0.3, 60) for at in (0, 5, 10)])
    division = divided(values, levels=3)
    assert division is not None
    low, high = division.thresholds
    assert 1 < low < 4
    assert 6 < high < 9
    assert division.clarity > CLEAR


def test_the_order_of_values_says_nothing() -> None:
    values = np.random.default_rng(0).normal(size=100)
    assert divided(values) == divided(values[::-1])


def test_a_shift_and_a_scale_carry_over() -> None:
    values = np.random.default_rng(0).normal(size=80) + 6 * (np.arange(80) % 2)
    one, other = divided(values), divided(1_000 + 0.01 * values)
    assert one is not None
    assert other is not None
    assert other.thresholds[0] == pytest.approx(1_000 + 0.01 * one.thresholds[0])
    assert other.softness == pytest.approx(0.01 * one.softness)
    assert other.clarity == pytest.approx(one.clarity, abs=1e-6)


def test_softness_is_that_of_the_odds_of_two_normal_distributions() -> None:
    random = np.random.default_rng(0)
    values = np.concatenate([random.normal(0, 1, 2_000), random.normal(10, 1, 2_000)])
    division = divided(values)
    assert division is not None
    assert division.softness == pytest.approx(10 / 20, rel=0.05)  # variance / distance is less
    wide = divided(np.concatenate([random.normal(0, 1, 2_000), random.normal(4, 1, 2_000)]))
    assert wide is not None
    assert wide.softness == pytest.approx(1 / 4, rel=0.15)


def test_a_narrow_middle_level_is_not_softened_away() -> None:
    values = np.concatenate([np.zeros(40), np.full(20, 0.02), np.linspace(0.05, 3, 10)])
    division = divided(values, levels=3)
    assert division is not None
    low, high = division.thresholds
    assert division.softness <= (high - low) / 4


@pytest.mark.parametrize(
    "draw",
    [
        lambda random, n: random.normal(size=n),
        lambda random, n: random.uniform(size=n),
        lambda random, n: random.exponential(size=n),
        lambda random, n: random.poisson(3, n).astype(float),
    ],
    ids=["normal", "uniform", "exponential", "counts"],
)
@pytest.mark.parametrize("count", [30, 100, 500])
def test_what_has_one_peak_is_hardly_ever_called_clearly_divided(draw: Draw, count: int) -> None:
    random = np.random.default_rng(0)
    divisions = [divided(draw(random, count)) for _ in range(50)]
    clear = [d is not None and d.clarity >= CLEAR for d in divisions]
    assert np.mean(clear) <= 0.1


def test_what_has_two_peaks_is_seen() -> None:
    random = np.random.default_rng(0)
    divisions = [
        divided(random.normal(size=100) + 5 * (random.uniform(size=100) < 0.5)) for _ in range(50)
    ]
    assert np.mean([d is not None and d.clarity >= FAINT for d in divisions]) > 0.95


def test_a_few_outliers_are_no_level() -> None:
    values = np.concatenate([np.random.default_rng(0).normal(size=100), [50.0, 51.0]])
    division = divided(values)
    assert division is not None
    assert division.thresholds[0] < 5


@pytest.mark.parametrize("values", [[], [1.0], [2.0] * 50, [0.0, 1.0, 2.0, 3.0]])
def test_too_few_values_do_not_divide(values: list[float]) -> None:
    assert divided(np.array(values)) is None
    assert divided(np.array(values), levels=3) is None
