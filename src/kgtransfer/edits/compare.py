"""A setting of a run after an edit against the same setting before it, on the same samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.comparison import ArmScores
from kgtransfer.experiments.setting import SettingResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["BEFORE", "Rescore", "compare"]

BEFORE: Arm[Any] = Arm(
    "before", "knowledge", says="the run's model before the edit of the ontology"
)

UNTOUCHED = ("plain", "labels")  # roles of arms that no edit of an ontology concerns

Rescore: TypeAlias = Callable[
    [npt.NDArray[np.float64], npt.NDArray[np.int64]], npt.NDArray[np.float64]
]
"""Scores `[seeds, samples]` of some of an arm's samples, and their labels -> scores of these alone.
"""


def compare(
    now: SettingResult,
    then: SettingResult,
    labels: tuple[Mapping[str, str], Mapping[str, str]],
    rescore: Rescore,
) -> list[SettingResult]:
    """Setting after an edit, and before it -> the one after, with the arms of the one before.

    The arm that the run was about stands beside as `BEFORE`, and, where the two were scored on the
    same samples, so do the arms without knowledge. Where labels came or went, a second setting has
    the samples that both were scored on.

    Args:
        now: after the edit; its headline is the arm that was trained on.
        then: of the run before it.
        labels: name of each scored sample, in the order of the scores -> its label, now and then.
        rescore: scores some of the samples by themselves.
    """
    headline = now.arms[now.headline]
    headline = replace(headline, arm=_against_before(headline.arm))
    before = replace(then.arms[then.headline], arm=BEFORE)
    if list(labels[0].items()) == list(labels[1].items()):
        untouched = (scores for scores in then.arms.values() if scores.arm.role in UNTOUCHED)
        # labels may be numbered anew: the same samples have the strata that they have now
        beside = [replace(scores, strata=headline.strata) for scores in (before, *untouched)]
        return [_setting(now.name, [headline, *beside], now)]
    shared = [name for name, label in labels[0].items() if labels[1].get(name) == label]
    if not shared:
        return [now]
    arms = [
        _restricted(scores, names, shared, rescore)
        for scores, names in zip((headline, before), labels, strict=True)
    ]
    return [now, _setting(f"{now.name}, classes of both", arms, now)]


def _against_before(arm: Arm[Any]) -> Arm[Any]:
    others = (name for name in arm.compare_to if name != BEFORE.name)
    return replace(arm, compare_to=(BEFORE.name, *others))


def _setting(name: str, arms: Sequence[ArmScores], now: SettingResult) -> SettingResult:
    return SettingResult.of(name, arms, labels=now.labels, headline=now.headline)


def _restricted(
    scores: ArmScores, labels: Mapping[str, str], shared: Sequence[str], rescore: Rescore
) -> ArmScores:
    """An arm on some of its samples."""
    row = {name: index for index, name in enumerate(labels)}
    _, strata = np.unique([labels[name] for name in shared], return_inverse=True)
    table = rescore(scores.per_sample[:, [row[name] for name in shared]], strata)
    return ArmScores(scores.arm, table, seconds=scores.seconds, strata=strata.tolist())
