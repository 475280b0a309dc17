from __future__ import annotations

import math

import numpy as np
import pytest

from kgtransfer.errors import RunError
from kgtransfer.experiments.comparison import ArmScores, Comparison, SettingResult, format_score

NOISE = np.random.default_rng(0).random((3, 200))


def arm(name: str, scores: object) -> ArmScores:
    return ArmScores(name, np.asarray(scores, dtype=float))


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
    scores = ArmScores("kg", np.array([[0.0, 1.0], [1.0, 1.0]]), 3.0, {"r@1": [0.5, 1.0]})
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
    scores = ArmScores("kg", array)
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


def test_setting_compares_the_pairs_it_has() -> None:
    setting = SettingResult.of("named", [flat("none", 0), flat("kg", 1), flat("shuffled", 0)])
    found = [(c.a, c.b, c.verdict) for c in setting.comparisons]
    assert found == [("kg", "none", "helps"), ("kg", "shuffled", "helps")]


def test_setting_refuses_arms_on_other_samples() -> None:
    with pytest.raises(RunError, match="one number of samples"):
        SettingResult("named", {"a": arm("a", [[1.0]]), "b": arm("b", [[1.0, 1.0]])})


def labelled(kg: float, *curve: tuple[int, float]) -> SettingResult:
    points = [flat(f"labels_{labels}", score) for labels, score in curve]
    return SettingResult.of("named", [flat("none", 0.1), *points, flat("kg", kg)])


def test_label_equivalent_lies_between_the_points() -> None:
    worth = labelled(0.25, (50, 0.2), (100, 0.3)).label_equivalent()
    assert worth is not None
    assert (worth.labels, *worth.ci95) == pytest.approx((75, 75, 75))
    assert worth.to_json()["at_least"] is False


def test_label_equivalent_has_an_interval() -> None:
    none, some = np.zeros((1, 400)), np.ones((1, 400))
    kg = np.tile([0.0, 1.0], 200)[None]
    setting = SettingResult.of("s", [arm("none", none), arm("labels_100", some), arm("kg", kg)])
    worth = setting.label_equivalent()
    assert worth is not None
    assert worth.labels == pytest.approx(50)
    assert worth.ci95 == pytest.approx((45.1, 54.9), abs=0.6)  # 50 -+ 1.96 * 100 * .5 / sqrt(400)


def test_label_equivalent_beyond_the_curve_is_a_lower_bound() -> None:
    worth = labelled(0.5, (50, 0.2), (100, 0.3)).label_equivalent()
    assert worth is not None
    assert worth.labels == math.inf
    assert str(worth) == "≥ 100"
    assert worth.to_json() == {
        "labels_per_class": 100.0,
        "ci95": [None, None],
        "at_least": True,
        "curve_ends_at": 100.0,
    }


def test_label_equivalent_is_nothing_for_knowledge_that_does_not_help() -> None:
    worth = labelled(0.05, (100, 0.3)).label_equivalent()
    assert worth is not None
    assert (worth.labels, worth.ci95) == (0.0, (0.0, 0.0))


def test_label_equivalent_reads_a_bumpy_curve_as_its_monotone_fit() -> None:
    # .3 then .2 pool to .25: the curve reaches .25 at 50 labels, not on its way to the bump.
    worth = labelled(0.25, (50, 0.3), (100, 0.2)).label_equivalent()
    assert worth is not None
    assert worth.labels == pytest.approx(50)


def test_no_label_equivalent_without_curve_or_arm() -> None:
    assert labelled(0.5).label_equivalent() is None
    assert labelled(0.5, (100, 0.3)).label_equivalent("kg_both") is None


def test_the_arm_without_knowledge_stands_at_the_settings_labels() -> None:
    arms = [
        ArmScores("none", np.full((1, 40), 0.5)),
        ArmScores("labels_20", np.full((1, 40), 0.7)),
        ArmScores("kg", np.full((1, 40), 0.6)),
    ]
    setting = SettingResult.of("home, 5 labels", arms, labels=5)
    assert list(setting.label_curve()) == [5, 20]
    worth = setting.label_equivalent()
    assert worth is not None
    assert worth.labels == pytest.approx(12.5)


def test_strata_narrow_the_interval_to_what_varies_within_classes() -> None:
    scores = np.repeat([[1.0, 0.0]], [10, 30], axis=1)
    by_class = ArmScores("kg", scores, strata=[0] * 10 + [1] * 30)
    assert by_class.ci95 == (0.25, 0.25)
    assert ArmScores("kg", scores).ci95 != (0.25, 0.25)
