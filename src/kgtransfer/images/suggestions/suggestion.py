"""`Suggestion`: what the values of one measure suggest, as numbers and as Turtle."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.grounding.division import FAINT, Division, divided

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = npt.NDArray[np.float64]

__all__ = ["Suggestion", "suggestion_for"]

PERCENTILES = (5, 50, 95)
_LOCAL = re.compile(r"[^\W_][\w-]*:\w[\w-]*", re.ASCII)


@dataclass(frozen=True, eq=False)
class Suggestion:
    """A measure's distribution over images, and where it divides.

    Attributes:
        measure: IRI.
        name: the measure in Turtle.
        label: for people.
        unit: as a UCUM code.
        stated: where concepts of the ontology begin or end, sorted.
        values: of the images that have what is measured.
        two: its division into two levels; None where there are too few values.
        three: into three.
    """

    measure: str
    name: str
    label: str
    unit: str
    stated: tuple[float, ...]
    values: Floats
    two: Division | None
    three: Division | None

    @property
    def percentiles(self) -> tuple[float, ...]:
        """The 5th, 50th and 95th; none of no value."""
        return (
            tuple(map(float, np.percentile(self.values, PERCENTILES))) if len(self.values) else ()
        )

    @property
    def clarity(self) -> float:
        """Of the division into two levels; 0 where there is none."""
        return self.two.clarity if self.two else 0.0

    @property
    def divides(self) -> bool:
        """Whether a division into two levels or three is to be seen."""
        return any(d is not None and d.clarity >= FAINT for d in (self.two, self.three))

    @property
    def differs(self) -> bool:
        """Whether any two images have different values."""
        return bool(len(self.values)) and bool(np.ptp(self.values) > 0)

    def turtle(self) -> Iterator[str]:
        """Lines to paste into a concept: the upper of two levels; each of three, if seen."""
        if self.two is None:
            return
        above = f"kgt:measuredBy {self.name} ; {_threshold(self.two)} ."
        yield f"{above}  # {_clearness(self.two)}"
        if self.three is not None and self.three.clarity >= FAINT:
            yield f"# in three levels, {_clearness(self.three)}:"
            yield from (f"kgt:measuredBy {self.name} ; {band} ." for band in _bands(self.three))

    def to_json(self) -> dict[str, Any]:
        """All of it but the values."""
        return {
            "measure": self.measure,
            "label": self.label,
            "unit": self.unit,
            "n": len(self.values),
            "percentiles": dict(zip(map(str, PERCENTILES), self.percentiles, strict=False)),
            "stated": list(self.stated),
            "two": _division_json(self.two),
            "three": _division_json(self.three),
            "turtle": list(self.turtle()),
        }


def suggestion_for(
    graph: KnowledgeGraph, measure: str, unit: str, stated: tuple[float, ...], values: Floats
) -> Suggestion:
    """Measure and its values, nan where an image does not have what is measured -> suggestion."""
    numbers = values[np.isfinite(values)]
    compact = graph.compact(measure)
    name = compact if _LOCAL.fullmatch(compact) else f"<{measure}>"
    two, three = (divided(numbers, levels) for levels in (2, 3))
    return Suggestion(measure, name, graph.label(measure), unit, stated, numbers, two, three)


def _clearness(division: Division) -> str:
    if division.clarity < FAINT:
        return "does not divide: take a threshold from a definition"
    return f"{division.word}, {division.clarity:.2f}"


def _threshold(division: Division) -> str:
    (threshold,) = division.thresholds
    softness = division.softness
    return f"kgt:threshold {_decimal(threshold, softness)} ; kgt:softness {_softness(softness)}"


def _bands(division: Division) -> tuple[str, str, str]:
    low, high = (_decimal(threshold, division.softness) for threshold in division.thresholds)
    end = f"kgt:softness {_softness(division.softness)}"
    return (
        f"kgt:maximum {low} ; {end}",
        f"kgt:minimum {low} ; kgt:maximum {high} ; {end}",
        f"kgt:minimum {high} ; {end}",
    )


def _softness(softness: float) -> str:
    return _decimal(softness, softness)


def _decimal(number: float, softness: float) -> str:
    """A number in Turtle's decimals, as exact as two digits of the softness."""
    digits = max(0, 1 - math.floor(math.log10(softness)))
    text = f"{number:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _division_json(division: Division | None) -> dict[str, Any] | None:
    if division is None:
        return None
    return {
        "thresholds": list(division.thresholds),
        "softness": division.softness,
        "clarity": division.clarity,
    }
