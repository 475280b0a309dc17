from __future__ import annotations

import math

import numpy as np
import pytest

from kgtransfer.errors import RunError
from kgtransfer.experiments.comparison import ArmScores, Comparison, format_score

from ..arms import arm as described

NOISE = np.random.default_rng(0).random((3, 200))


def arm(name: str, scores: object) -> ArmScores:
    return ArmScores(described(name), np.asarray(scores, dtype=float))


def flat(name: str, score: float) -> ArmScores:
    """An arm that scores the common noise plus a constant: all its differences are exact."""
    return arm(name, NOISE + score)


@pytest.mark.parametrize(
    ("value", "signed", "text"),
    [
        (0.5949, False, ".595"),
        (0.061, True, "+.061"),
        (-0.002, True, "\N{MINUS SIGN}.002"),
        (-0.0001, True, ".000"),
        (1.0, False, "1.000"),
        (12.34567, True, "+12.346"),
    ],
)
def test_format_score(value: float, signed: bool, text: str) -> None:
    assert format_score(value, signed=signed) == text


def test_figures_of_an_arm() -> None:
    scores = ArmScores(
        described("kg"), np.array([[0.0, 1.0], [1.0, 1.0]]), 3.0, {"r@1": [0.5, 1.0]}
    )
    assert scores.per_seed == [0.5, 1.0]
    assert scores.mean == 0.75
    assert scores.sd == pytest.approx(math.sqrt(0.125))
    assert scores.metric("r@1") == 0.75
    assert scores.metric("r@10") is None
    assert arm("bm25", [[1.0, 2.0]]).sd == 0


@pytest.mark.parametrize("scores", [[0.1, 0.2], [[]], [[0.1, math.nan]]])
def test_refuses_what_is_no_table_of_scores(scores: object) -> None:
    with pytest.raises(RunError, match="arm kg"):
        arm("kg", scores)


def test_scores_do_not_follow_the_array_they_came_from() -> None:
    array = np.ones((1, 2))
    scores = ArmScores(described("kg"), array)
    array[:] = 0
    assert scores.mean == 1.0


def test_constant_difference_has_an_exact_interval() -> None:
    up = Comparison.of(flat("kg", 0.25), flat("none", 0.0))
    assert (up.difference, *up.ci95) == pytest.approx((0.25, 0.25, 0.25))
    assert up.verdict == "helps"
    assert str(up) == "kg \N{MINUS SIGN} none: +.250 [.250, .250] helps"
    assert Comparison.of(flat("kg", 0.0), flat("none", 0.25)).verdict == "hurts"


def test_no_difference_is_no_measurable_effect() -> None:
    same = Comparison.of(flat("kg", 0.0), flat("none", 0.0))
    assert (same.difference, same.ci95) == (0.0, (0.0, 0.0))
    assert same.verdict == "no measurable effect"


def test_pairing_removes_what_the_arms_share() -> None:
    hard = np.linspace(0, 1, 400)[None]
    wiggle = np.tile([0.01, 0.03], 200)[None]
    paired = Comparison.of(arm("kg", hard + wiggle), arm("none", hard))
    shifted = Comparison.of(arm("kg", hard[:, ::-1] + wiggle), arm("none", hard))
    assert paired.verdict == "helps"
    assert paired.ci95[1] - paired.ci95[0] < 0.003
    assert shifted.verdict == "no measurable effect"


def test_one_seed_is_set_against_all() -> None:
    wide = arm("kg", [[0.5] * 9, [0.7] * 9])
    found = Comparison.of(wide, arm("bm25", [[0.1] * 9]))
    assert found.difference == pytest.approx(0.5)
    assert found.ci95 == pytest.approx((0.4, 0.6))


@pytest.mark.parametrize("shape", [(3, 199), (2, 200), (1, 1)])
def test_refuses_arms_that_do_not_pair(shape: tuple[int, int]) -> None:
    with pytest.raises(RunError, match="do not pair"):
        Comparison.of(flat("kg", 0.0), arm("none", np.zeros(shape)))


def test_strata_narrow_the_interval_to_what_varies_within_classes() -> None:
    scores = np.repeat([[1.0, 0.0]], [10, 30], axis=1)
    by_class = ArmScores(described("kg"), scores, strata=[0] * 10 + [1] * 30)
    assert by_class.ci95 == (0.25, 0.25)
    assert ArmScores(described("kg"), scores).ci95 != (0.25, 0.25)


def test_groups_widen_the_interval_to_what_varies_between_them() -> None:
    scores = np.repeat([[0.0, 1.0, 0.0, 1.0, 1.0]], 8, axis=1)
    single = ArmScores(described("kg"), scores)
    grouped = ArmScores(described("kg"), scores, groups=np.repeat(range(5), 8).tolist())
    assert grouped.ci95[0] < single.ci95[0] < single.ci95[1] < grouped.ci95[1]
    other = ArmScores(described("none"), np.full((1, 40), 0.5))
    narrow, wide = Comparison.of(single, other), Comparison.of(grouped, other)
    assert wide.ci95[0] < narrow.ci95[0]
