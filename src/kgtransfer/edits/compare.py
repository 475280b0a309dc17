"""A run after an edit beside the run before it, on the same images."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.classification.metrics import balanced_scores, scored_rows
from kgtransfer.experiments.comparison import ArmScores, SettingResult

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.classification.samples import Samples

__all__ = ["BEFORE", "PAIRS", "beside"]

BEFORE = "before"
"""The arm that the run's model was, before the edit."""

WITHOUT_KNOWLEDGE = ("none", "baseline", "last_layers", "numbers", "probe")
PAIRS = (("kg", BEFORE), ("kg", "none"), ("kg", "baseline"))


def beside(
    now: SettingResult, then: SettingResult, new: Samples, old: Samples
) -> list[SettingResult]:
    """The setting with the arms of the run before the edit.

    Where the two were scored on the same images, the arms that know nothing of the ontology stand
    beside them. Where classes came or went, a second setting has the images that both were scored
    on.

    Args:
        now: the arm kg after the edit.
        then: the setting of the run before it.
        new: the data set as it is seen now.
        old: the data set as it was seen then.
    """
    kg, before = now.arms["kg"], replace(then.arms["kg"], name=BEFORE)
    ours, theirs = _labels(new), _labels(old)
    if list(ours.items()) == list(theirs.items()):
        others = [arm for name, arm in then.arms.items() if _knows_nothing(name)]
        # labels may be numbered anew: the same images have the strata that they have now
        arms = [kg, *(replace(arm, strata=kg.strata) for arm in (before, *others))]
        return [SettingResult.of(now.name, arms, PAIRS, labels=now.labels)]
    shared = [name for name, label in ours.items() if theirs.get(name) == label]
    if not shared:
        return [now]
    arms = [_restricted(arm, known, shared) for arm, known in ((kg, ours), (before, theirs))]
    name = f"{now.name}, classes of both"
    return [now, SettingResult.of(name, arms, PAIRS, labels=now.labels)]


def _knows_nothing(arm: str) -> bool:
    """Whether no edit of an ontology concerns an arm."""
    return arm in WITHOUT_KNOWLEDGE or arm.startswith("labels_")


def _labels(samples: Samples) -> dict[str, str]:
    """Name of each scored image -> its label."""
    rows = scored_rows(samples.targets)
    return {samples.images.names[row]: samples.images.labels[row] for row in rows}


def _restricted(arm: ArmScores, known: Mapping[str, str], shared: list[str]) -> ArmScores:
    """An arm's balanced scores on some of its images: a score above 0 is a right answer."""
    row = {name: index for index, name in enumerate(known)}
    right = arm.per_sample[:, [row[name] for name in shared]] > 0
    _, targets = np.unique([known[name] for name in shared], return_inverse=True)
    scores = np.stack([balanced_scores(of, targets) for of in right])
    return ArmScores(arm.name, scores, seconds=arm.seconds, strata=targets.tolist())
