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
from kgtransfer.experiments.task import FitResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kgtransfer.experiments.results import RunResult
    from kgtransfer.experiments.runner import SettingRuns

__all__ = ["BEFORE", "Rescore", "compare", "compared_samples"]

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
    rescore: Rescore | None,
    shared: str = "classes of both",
) -> list[SettingResult]:
    """Setting after an edit, and before it -> the one after, with the arms of the one before.

    The arm that the run was about stands beside as `BEFORE`, and, where the two were scored on the
    same samples, so do the arms without knowledge. Where labels came or went, a second setting has
    the samples that both were scored on.

    Args:
        now: after the edit; its headline is the arm that was trained on.
        then: of the run before it.
        labels: name of each scored sample, in the order of the scores -> its label, now and then.
        rescore: scores some of the samples by themselves; None where their scores do not tell:
            then a setting of them is left out.
        shared: what the second setting is called.
    """
    headline = now.arms[now.headline]
    headline = replace(headline, arm=_against_before(headline.arm))
    before = replace(then.arms[then.headline], arm=BEFORE)
    if list(labels[0].items()) == list(labels[1].items()):
        untouched = (scores for scores in then.arms.values() if scores.arm.role in UNTOUCHED)
        # labels may be numbered anew: the same samples have the strata that they have now
        beside = [
            replace(scores, strata=headline.strata, groups=headline.groups)
            for scores in (before, *untouched)
        ]
        return [_setting(now.name, [headline, *beside], now)]
    both = [name for name, label in labels[0].items() if labels[1].get(name) == label]
    if not both or rescore is None:
        return [now]
    arms = [
        _restricted(scores, names, both, rescore)
        for scores, names in zip((headline, before), labels, strict=True)
    ]
    return [now, _setting(f"{now.name}, {shared}", arms, now)]


def compared_samples(
    runs: Mapping[str, SettingRuns],
    before: RunResult,
    names: Callable[[SettingResult], tuple[Iterable[str], Iterable[str]]],
    shared: str = "samples of both",
) -> dict[str, SettingRuns]:
    """Settings whose score is the mean over samples -> each against the same of the run before.

    Args:
        runs: after the edit.
        before: the run before it; a setting that it lacks stays as it is.
        names: of a setting's samples, in the order of the scores, now and then.
        shared: what a second setting of the samples of both is called.
    """
    compared: dict[str, SettingRuns] = {}
    for name, now in runs.items():
        then = before.settings.get(name)
        if then is None:
            compared[name] = now
            continue
        labels = [dict.fromkeys(samples, "") for samples in names(now.result)]
        fits = [FitResult(row) for row in then.arms[then.headline].per_sample]
        of_both = {**now.runs, BEFORE.name: fits}
        found = compare(now.result, then, (labels[0], labels[1]), _as_they_are, shared)
        compared |= {s.name: replace(now, result=s, runs=of_both) for s in found}
    return compared


def _as_they_are(
    scores: npt.NDArray[np.float64], _: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    return scores


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
    rows = [row[name] for name in shared]
    table = rescore(scores.per_sample[:, rows], strata)
    groups = [scores.groups[row] for row in rows] if len(scores.groups) else ()
    return ArmScores(
        scores.arm, table, seconds=scores.seconds, strata=strata.tolist(), groups=groups
    )
