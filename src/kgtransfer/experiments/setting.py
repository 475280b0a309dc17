"""All arms of one setting, their comparisons, and what knowledge is worth in labels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.errors import RunError
from kgtransfer.experiments.arms import headline_of, placebo_of
from kgtransfer.experiments.bootstrap import bootstrap_means, first_reach, interval, isotonic
from kgtransfer.experiments.comparison import Comparison

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kgtransfer.experiments.comparison import ArmScores

__all__ = ["VALIDATION", "LabelEquivalent", "SettingResult", "is_validation"]

VALIDATION = "validation"
"""What the settings of validation samples are called: those to choose by."""

ORDER = ("knowledge", "placebo", "plain")  # of comparisons, by the role of the arm compared


def is_validation(setting: str) -> bool:
    """Name of a setting -> whether it is one of validation samples: `validation, 5 labels` is."""
    return setting.partition(",")[0] == VALIDATION


@dataclass(frozen=True)
class LabelEquivalent:
    """How many labels the arm without knowledge needs to score what `arm` scores.

    Attributes:
        labels: the point estimate; infinite where the curve ends below the arm.
        ci95: its interval; an infinite end lies beyond the curve too.
        ceiling: the labels at the curve's end: all that can be said of anything beyond it.
    """

    arm: str
    labels: float
    ci95: tuple[float, float]
    ceiling: float

    def __str__(self) -> str:
        """`83 [40, 97]`, `83 [40, ≥ 100]`, or plainly `≥ 100` where all lies beyond the curve."""
        labels, low, high = (
            f"{value:.0f}" if math.isfinite(value) else f"≥ {self.ceiling:g}"
            for value in (self.labels, *self.ci95)
        )
        return f"{labels} [{low}, {high}]" if math.isfinite(self.ci95[0]) else labels

    def to_json(self) -> dict[str, Any]:
        """The entry in result.json: `null` is an end beyond the curve."""
        beyond = not math.isfinite(self.labels)
        ends = [end if math.isfinite(end) else None for end in self.ci95]
        return {
            "labels_per_class": self.ceiling if beyond else self.labels,
            "ci95": ends,
            "at_least": beyond,
            "curve_ends_at": self.ceiling,
        }


@dataclass(frozen=True, eq=False)
class SettingResult:
    """All arms in one setting, and their comparisons.

    Attributes:
        name: of the setting.
        arms: by name.
        comparisons: of each arm with those that it is set against.
        labels: that every arm without a number of its own was trained on, per class; 0 for none.
        headline: name of the arm that the setting is about.

    Raises:
        RunError: the arms were scored on different numbers of samples.
    """

    name: str
    arms: dict[str, ArmScores]
    comparisons: tuple[Comparison, ...] = ()
    labels: float = 0.0
    headline: str = ""

    def __post_init__(self) -> None:
        sizes = {arm.per_sample.shape[1] for arm in self.arms.values()}
        if len(sizes) != 1:
            raise RunError(f"setting {self.name}: arms need one number of samples, have {sizes}")

    @classmethod
    def of(
        cls, name: str, arms: Iterable[ArmScores], *, labels: float = 0.0, headline: str = ""
    ) -> SettingResult:
        """A setting with every arm compared to those that it is set against, where they were run.

        Args:
            name: of the setting.
            arms: scores of each.
            labels: see the class.
            headline: see the class; by default the first arm with knowledge.
        """
        scores = {arm.name: arm for arm in arms}
        described = [arm.arm for arm in scores.values()]
        first = headline_of(described)
        ordered = sorted(
            (arm for arm in described if arm.role in ORDER), key=lambda arm: ORDER.index(arm.role)
        )
        comparisons = [
            Comparison.of(scores[arm.name], scores[other])
            for arm in ordered
            for other in arm.compare_to
            if other in scores
        ]
        headline = headline or (first.name if first else "")
        return cls(name, scores, tuple(comparisons), labels, headline)

    @property
    def placebo(self) -> str:
        """Name of the placebo; empty where none was run."""
        placebo = placebo_of([scores.arm for scores in self.arms.values()])
        return placebo.name if placebo else ""

    def compare(self, a: str, b: str) -> Comparison | None:
        """Arm `a` against arm `b`; None where one of them was not run."""
        if a not in self.arms or b not in self.arms:
            return None
        made = (c for c in self.comparisons if (c.a, c.b) == (a, b))
        return next(made, None) or Comparison.of(self.arms[a], self.arms[b])

    def reference(self, name: str) -> Comparison | None:
        """An arm against the first plain arm that it is set against; None where none was run."""
        if name not in self.arms:
            return None
        others = self.arms[name].arm.compare_to
        plain = (o for o in others if o in self.arms and self.arms[o].arm.role == "plain")
        return next((self.compare(name, other) for other in plain), None)

    @property
    def samples(self) -> int:
        """Number of test samples."""
        first = next(iter(self.arms.values()))
        return len(first.per_sample[0])

    @property
    def curve_of(self) -> str:
        """Name of the arm whose learning curve the points are; empty where it was not run."""
        points = (scores.arm for scores in self.arms.values() if scores.arm.role == "labels")
        bases = (name for point in points for name in point.compare_to)
        return next((name for name in bases if name in self.arms), "")

    def label_curve(self) -> dict[float, ArmScores]:
        """The points of a learning curve without knowledge, by their number of labels.

        They are the arms of the role `labels`, and the arm whose curve it is at `self.labels`.
        """
        points = [scores for scores in self.arms.values() if scores.arm.role == "labels"]
        curve = {float(point.arm.labels or 0): point for point in points}
        for base in (name for point in points for name in point.arm.compare_to):
            if base in self.arms:
                curve.setdefault(self.labels, self.arms[base])
        return dict(sorted(curve.items()))

    def label_equivalent(self, arm: str = "") -> LabelEquivalent | None:
        """Labels that the learning curve needs to reach an arm; None without arm or curve.

        The arm is by default the one that the setting is about.

        The curve is made non-decreasing by isotonic regression and read straight between its
        points, in every resample of samples and seeds.
        """
        curve, arm = self.label_curve(), arm or self.headline
        if len(curve) < 2 or arm not in self.arms:
            return None
        scores = self.arms[arm]
        tables = [of.per_sample for of in (scores, *curve.values())]
        stacked = np.stack(np.broadcast_arrays(*tables))  # [1 + points, seeds, samples]
        drawn = bootstrap_means(stacked, strata=scores.strata, groups=scores.groups)
        means = np.vstack([stacked.mean(axis=(1, 2)), drawn])
        labels = first_reach(means[:, 0], isotonic(means[:, 1:]), list(curve))
        return LabelEquivalent(arm, float(labels[0]), interval(labels[1:]), max(curve))

    def to_json(self) -> dict[str, Any]:
        """The setting's part of result.json."""
        worth = self.label_equivalent()
        return {
            "setting": self.name,
            "labels_per_class": self.labels,
            "arms": {name: arm.to_json() for name, arm in self.arms.items()},
            "comparisons": [comparison.to_json() for comparison in self.comparisons],
            "label_equivalent": {} if worth is None else {worth.arm: worth.to_json()},
        }
