"""Scores of the arms of one setting, compared pair by pair and turned into labels' worth."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from kgtransfer.errors import RunError
from kgtransfer.experiments.bootstrap import bootstrap_means, first_reach, interval, isotonic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "MINUS",
    "PAIRS",
    "ArmScores",
    "Comparison",
    "LabelEquivalent",
    "SettingResult",
    "format_score",
]

FloatArray = npt.NDArray[np.float64]

MINUS = "\N{MINUS SIGN}"

#: The comparisons that every run reports, wherever it has both arms.
PAIRS = (
    ("kg", "none"),
    ("kg", "baseline"),
    ("kg", "baseline_smoothed"),
    ("kg", "baseline_read"),
    ("kg", "kg_vectors"),
    ("kg", "queries"),
    ("kg", "shuffled"),
    ("kg", "labels_100"),
    ("shuffled", "queries"),
    ("shuffled", "baseline"),
    ("queries", "baseline"),
    ("baseline", "none"),
)


def format_score(value: float, *, signed: bool = False) -> str:
    """A score as tables print it: `.595`, with a sign `+.061`, with a true minus sign.

    The leading zero is dropped below one; zero has no sign.
    """
    digits = f"{abs(value):.3f}"
    sign = "" if float(digits) == 0 else MINUS if value < 0 else "+" if signed else ""
    return sign + (digits.removeprefix("0") if digits.startswith("0.") else digits)


@dataclass(frozen=True, eq=False)
class ArmScores:
    """The scores of one arm in one setting.

    Args:
        name: of the arm.
        per_sample: [seeds, samples]; their mean is the arm's metric. An arm without randomness has
            one row, which is set against every seed of the others.
        seconds: of wall time, all seeds together.
        metrics: further metrics, one figure per seed: `{"r@1": [.45, .46]}`.
        strata: of each sample; the bootstrap draws within each. See `bootstrap_means`.

    Raises:
        RunError: the scores are no such table, or hold a number that is not finite.
    """

    name: str
    per_sample: FloatArray
    seconds: float = 0.0
    metrics: Mapping[str, Sequence[float]] = field(default_factory=dict)
    strata: Sequence[int] = ()

    def __post_init__(self) -> None:
        table = np.array(self.per_sample, dtype=np.float64)
        if table.ndim != 2 or 0 in table.shape:
            raise RunError(f"arm {self.name}: scores {table.shape} are not [seeds, samples]")
        if not np.isfinite(table).all():
            raise RunError(f"arm {self.name}: a score is not a finite number")
        table.flags.writeable = False
        object.__setattr__(self, "per_sample", table)

    @property
    def per_seed(self) -> list[float]:
        """The metric of each seed."""
        return [float(value) for value in self.per_sample.mean(axis=1)]

    @property
    def mean(self) -> float:
        """The metric over all seeds."""
        return float(self.per_sample.mean())

    @property
    def sd(self) -> float:
        """Sample standard deviation of the metric over seeds; 0 where there is one."""
        return float(np.std(self.per_seed, ddof=1)) if len(self.per_sample) > 1 else 0.0

    @cached_property
    def ci95(self) -> tuple[float, float]:
        """95 % bootstrap interval of the mean over seeds and samples."""
        return interval(bootstrap_means(self.per_sample, strata=self.strata))

    def metric(self, name: str) -> float | None:
        """Mean over seeds of a further metric; None where the arm lacks it."""
        values = self.metrics.get(name, ())
        return float(np.mean(values)) if len(values) else None

    def to_json(self) -> dict[str, Any]:
        """The arm's entry in result.json."""
        return {
            "mean": self.mean,
            "sd": self.sd,
            "per_seed": self.per_seed,
            "seconds": self.seconds,
            "ci95": list(self.ci95),
            "metrics": {name: [float(v) for v in values] for name, values in self.metrics.items()},
        }


@dataclass(frozen=True)
class Comparison:
    """Arm `a` against arm `b` on the same samples and seeds.

    Attributes:
        difference: mean of `a` minus mean of `b`.
        ci95: paired bootstrap interval of the difference over samples and seeds.
        verdict: "helps" where the interval lies above 0, "hurts" below, else
            "no measurable effect".
    """

    a: str
    b: str
    difference: float
    ci95: tuple[float, float]
    verdict: str

    @classmethod
    def of(cls, a: ArmScores, b: ArmScores) -> Comparison:
        """Compare two arms, sample by sample.

        Raises:
            RunError: the arms differ in their samples, or in seeds where neither has just one.
        """
        rows, columns = map(set, zip(a.per_sample.shape, b.per_sample.shape, strict=True))
        if len(columns) > 1 or len(rows - {1}) > 1:
            raise RunError(
                f"arms {a.name} {a.per_sample.shape} and {b.name} {b.per_sample.shape} do not pair",
                cure="score both on the same test samples and seeds",
            )
        gain = a.per_sample - b.per_sample  # [seeds, samples]
        low, high = interval(bootstrap_means(gain, strata=a.strata))
        verdict = "helps" if low > 0 else "hurts" if high < 0 else "no measurable effect"
        return cls(a.name, b.name, float(gain.mean()), (low, high), verdict)

    def to_json(self) -> dict[str, Any]:
        """The comparison's entry in result.json."""
        return {
            "a": self.a,
            "b": self.b,
            "difference": self.difference,
            "ci95": list(self.ci95),
            "verdict": self.verdict,
        }

    def __str__(self) -> str:
        return f"{self.a} {MINUS} {self.b}: {self.figures} {self.verdict}"

    @property
    def figures(self) -> str:
        """Difference and interval: `+.061 [.042, .080]`."""
        low, high = (format_score(end) for end in self.ci95)
        return f"{format_score(self.difference, signed=True)} [{low}, {high}]"


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
        comparisons: of pairs of them.
        labels: that every arm was trained on, per class; `none` is the learning curve's point
            there. 0 where arms other than `labels_N` have none.

    Raises:
        RunError: the arms were scored on different numbers of samples.
    """

    name: str
    arms: dict[str, ArmScores]
    comparisons: tuple[Comparison, ...] = ()
    labels: float = 0.0

    def __post_init__(self) -> None:
        sizes = {arm.per_sample.shape[1] for arm in self.arms.values()}
        if len(sizes) != 1:
            raise RunError(f"setting {self.name}: arms need one number of samples, have {sizes}")

    @classmethod
    def of(
        cls,
        name: str,
        arms: Iterable[ArmScores],
        pairs: Iterable[tuple[str, str]] = PAIRS,
        *,
        labels: float = 0.0,
    ) -> SettingResult:
        """A setting with those of the `pairs` compared whose arms were both run."""
        by_name = {arm.name: arm for arm in arms}
        compared = [
            Comparison.of(by_name[a], by_name[b]) for a, b in pairs if a in by_name and b in by_name
        ]
        return cls(name, by_name, tuple(compared), labels)

    @property
    def samples(self) -> int:
        """Number of test samples."""
        first = next(iter(self.arms.values()))
        return len(first.per_sample[0])

    def label_curve(self) -> dict[float, ArmScores]:
        """The arms of the learning curve, by their number of labels; `none` has `self.labels`."""
        named = {name.removeprefix("labels_"): arm for name, arm in self.arms.items()}
        curve = {float(n): arm for n, arm in named.items() if n.isdigit()}
        if "none" in self.arms:
            curve.setdefault(self.labels, self.arms["none"])
        return dict(sorted(curve.items()))

    def label_equivalent(self, arm: str = "kg") -> LabelEquivalent | None:
        """Labels that the learning curve needs to reach `arm`; None without arm or curve.

        The curve is made non-decreasing by isotonic regression and read straight between its
        points, in every resample of samples and seeds.
        """
        curve = self.label_curve()
        if len(curve) < 2 or arm not in self.arms:
            return None
        tables = [scores.per_sample for scores in (self.arms[arm], *curve.values())]
        stacked = np.stack(np.broadcast_arrays(*tables))  # [1 + points, seeds, samples]
        drawn = bootstrap_means(stacked, strata=self.arms[arm].strata)
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
