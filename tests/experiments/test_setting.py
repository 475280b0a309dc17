"""All arms of a setting, by their roles alone."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from kgtransfer.errors import RunError
from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.comparison import ArmScores
from kgtransfer.experiments.setting import SettingResult

from ..arms import arm as described

NOISE = np.random.default_rng(0).random((3, 200))


def arm(name: str, scores: object) -> ArmScores:
    return ArmScores(described(name), np.asarray(scores, dtype=float))


def flat(name: str, score: float) -> ArmScores:
    """An arm that scores the common noise plus a constant: all its differences are exact."""
    return arm(name, NOISE + score)


def test_every_arm_is_compared_to_those_it_names_knowledge_first() -> None:
    setting = SettingResult.of("named", [flat("none", 0), flat("kg", 1), flat("shuffled", 0)])
    made = [(c.a, c.b, c.verdict) for c in setting.comparisons]
    assert made == [
        ("kg", "none", "helps"),
        ("kg", "shuffled", "helps"),
        ("shuffled", "none", "no measurable effect"),
    ]


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
        ArmScores(described("none"), np.full((1, 40), 0.5)),
        ArmScores(described("labels_20"), np.full((1, 40), 0.7)),
        ArmScores(described("kg"), np.full((1, 40), 0.6)),
    ]
    setting = SettingResult.of("home, 5 labels", arms, labels=5)
    assert list(setting.label_curve()) == [5, 20]
    worth = setting.label_equivalent()
    assert worth is not None
    assert worth.labels == pytest.approx(12.5)


def test_roles_decide_whatever_arms_are_called() -> None:
    names = {"none": "ohne", "kg": "mit", "shuffled": "vertauscht", "labels_100": "hundert"}
    arms = []
    for name, shift in (("none", 0.0), ("shuffled", 0.0), ("labels_100", 0.2), ("kg", 0.1)):
        known = described(name)
        others = tuple(names.get(other, other) for other in known.compare_to)
        renamed = replace(known, name=names[name], compare_to=others)
        arms.append(ArmScores(renamed, NOISE + shift))
    setting = SettingResult.of("named", arms)
    assert (setting.headline, setting.placebo) == ("mit", "vertauscht")
    gain = setting.reference("mit")
    assert gain is not None
    assert (gain.a, gain.b, gain.verdict) == ("mit", "ohne", "helps")
    assert {labels: point.name for labels, point in setting.label_curve().items()} == {
        0.0: "ohne",
        100.0: "hundert",
    }
    worth = setting.label_equivalent()
    assert worth is not None
    assert worth.labels == pytest.approx(50)


def test_a_reference_is_plain_and_was_run() -> None:
    kg = Arm("kg", "knowledge", compare_to=("shuffled", "lost", "none"))
    scores = [ArmScores(kg, NOISE), flat("shuffled", 0.1), flat("none", 0.2)]
    setting = SettingResult.of("named", scores)
    gain = setting.reference("kg")
    assert gain is not None
    assert gain.b == "none"
    assert setting.reference("bm25") is None
    assert setting.compare("kg", "lost") is None
