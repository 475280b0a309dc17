"""Scores of an arm, and two arms compared on the same samples and seeds."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from kgtransfer.errors import RunError
from kgtransfer.experiments.bootstrap import bootstrap_means, interval

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.experiments.arms import Arm

__all__ = ["MINUS", "ArmScores", "Comparison", "format_score"]

FloatArray = npt.NDArray[np.float64]

MINUS = "\N{MINUS SIGN}"


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
        arm: what it is.
        per_sample: [seeds, samples]; their mean is the arm's metric. An arm without randomness has
            one row, which is set against every seed of the others.
        seconds: of wall time, all seeds together.
        metrics: further metrics, one figure per seed: `{"r@1": [.45, .46]}`.
        strata: of each sample; the bootstrap draws within each. See `bootstrap_means`.
        groups: of each sample; the bootstrap draws each whole.

    Raises:
        RunError: the scores are no such table, or hold a number that is not finite.
    """

    arm: Arm[Any]
    per_sample: FloatArray
    seconds: float = 0.0
    metrics: Mapping[str, Sequence[float]] = field(default_factory=dict)
    strata: Sequence[int] = ()
    groups: Sequence[int] = ()

    def __post_init__(self) -> None:
        table = np.array(self.per_sample, dtype=np.float64)
        if table.ndim != 2 or 0 in table.shape:
            raise RunError(f"arm {self.name}: scores {table.shape} are not [seeds, samples]")
        if not np.isfinite(table).all():
            raise RunError(f"arm {self.name}: a score is not a finite number")
        table.flags.writeable = False
        object.__setattr__(self, "per_sample", table)

    @property
    def name(self) -> str:
        """Of the arm."""
        return self.arm.name

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
        return interval(bootstrap_means(self.per_sample, strata=self.strata, groups=self.groups))

    def metric(self, name: str) -> float | None:
        """Mean over seeds of a further metric; None where the arm lacks it."""
        values = self.metrics.get(name, ())
        return float(np.mean(values)) if len(values) else None

    def to_json(self) -> dict[str, Any]:
        """The arm's entry in result.json."""
        return {
            **self.arm.to_json(),
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
        low, high = interval(bootstrap_means(gain, strata=a.strata, groups=a.groups))
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
