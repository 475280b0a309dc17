"""After and before an edit, on the samples that both know; arms are told by their roles."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from kgtransfer.edits.compare import compare
from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.comparison import ArmScores
from kgtransfer.experiments.setting import SettingResult

CATS_AND_DOGS = {f"{label}{n}": label for label in ("cat", "dog") for n in range(10)}
NONE = Arm("none")
CURVE = Arm("labels_9", "labels", labels=9, compare_to=("none",))
TUNED = Arm("tuned", "knowledge", compare_to=("none", "placebo"))
AXIOMS = Arm("axioms", "knowledge")
PLACEBO = Arm("placebo", "placebo")


def _setting(*arms: tuple[Arm[Any], list[float]]) -> SettingResult:
    """Arms that are right in a share of the ten samples of each label."""
    scores = []
    for arm, shares in arms:
        right = np.concatenate([np.arange(10) < 10 * share for share in shares])
        strata = np.repeat(range(len(shares)), 10).tolist()
        scores.append(ArmScores(arm, right[None].astype(float), strata=strata))
    return SettingResult.of("home, 5 labels", scores, headline="tuned")


def _as_they_are(
    scores: npt.NDArray[np.float64], labels: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    assert scores.shape[1] == len(labels)
    return scores


def _means(setting: SettingResult) -> dict[str, float]:
    return {name: round(arm.mean, 2) for name, arm in setting.arms.items()}


def test_on_the_same_samples_arms_that_no_edit_concerns_stand_beside() -> None:
    then = _setting(
        (NONE, [0.5, 0.5]), (TUNED, [0.8, 0.8]), (AXIOMS, [0.1, 0.1]), (PLACEBO, [0.2, 0.2]),
        (CURVE, [0.9, 0.9]),
    )  # fmt: skip
    now = _setting((TUNED, [1.0, 0.8]))
    (setting,) = compare(now, then, (CATS_AND_DOGS, CATS_AND_DOGS), _as_they_are)
    assert _means(setting) == {"tuned": 0.9, "before": 0.8, "none": 0.5, "labels_9": 0.9}
    assert [(c.a, c.b) for c in setting.comparisons] == [("tuned", "before"), ("tuned", "none")]
    assert setting.headline == "tuned"
    before = setting.arms["before"].arm
    assert (before.role, before.says) == (
        "knowledge", "the run's model before the edit of the ontology"
    )  # fmt: skip


def test_a_run_of_two_edits_is_compared_with_the_one_before_it_alone() -> None:
    (first,) = compare(
        _setting((TUNED, [0.9, 0.8])),
        _setting((TUNED, [0.8, 0.8]), (NONE, [0.5, 0.5])),
        (CATS_AND_DOGS, CATS_AND_DOGS),
        _as_they_are,
    )
    now = _setting((TUNED, [1.0, 0.8]))
    (second,) = compare(now, first, (CATS_AND_DOGS, CATS_AND_DOGS), _as_they_are)
    assert _means(second) == {"tuned": 0.9, "before": 0.85, "none": 0.5}
    assert second.arms["tuned"].arm.compare_to == ("before", "none", "placebo")


def test_labels_that_are_numbered_anew_do_not_mix() -> None:
    now, then = _setting((TUNED, [1.0, 0.8])), _setting((TUNED, [0.8, 0.8]))
    moved = ArmScores(TUNED, now.arms["tuned"].per_sample, strata=[1] * 10 + [2] * 10)
    now = SettingResult.of(now.name, [moved])
    (setting,) = compare(now, then, (CATS_AND_DOGS, CATS_AND_DOGS), _as_they_are)
    assert {tuple(arm.strata) for arm in setting.arms.values()} == {(1,) * 10 + (2,) * 10}


def test_where_a_label_came_the_others_are_compared_by_themselves() -> None:
    then = _setting((TUNED, [0.8, 0.6]), (NONE, [0.5, 0.5]))
    now = _setting((TUNED, [0.9, 0.7, 0.6]))
    with_ants = {**{f"ant{n}": "ant" for n in range(10)}, **CATS_AND_DOGS}
    whole, shared = compare(now, then, (with_ants, CATS_AND_DOGS), lambda scores, _: scores / 2)
    assert whole is now
    assert shared.name == "home, 5 labels, classes of both"
    assert _means(shared) == {"tuned": 0.33, "before": 0.35}  # halves of .65 and .7
    assert shared.samples == 20


def test_without_a_shared_sample_nothing_is_compared() -> None:
    now, then = _setting((TUNED, [0.5])), _setting((TUNED, [0.5]))
    cats, dogs = ({f"{label}{n}": label for n in range(10)} for label in ("cat", "dog"))
    assert compare(now, then, (dogs, cats), _as_they_are) == [now]
