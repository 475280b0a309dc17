"""What pieces of knowledge were worth to a run, whatever kind of sample it is over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.experiments.comparison import Comparison

__all__ = ["Explanation", "Value"]


@dataclass(frozen=True)
class Value:
    """What a piece of knowledge was worth.

    Attributes:
        kind: of the piece, such as "attribute", "concept" or "axiom".
        iris: of what it is about.
        label: of it, in words.
        comparison: the run's metric with it against that without it.
    """

    kind: str
    iris: tuple[str, ...]
    label: str
    comparison: Comparison

    def to_json(self) -> dict[str, Any]:
        """For result files and programs."""
        compared = self.comparison.to_json()
        return {"kind": self.kind, "iris": list(self.iris), "label": self.label, **compared}


@dataclass(frozen=True)
class Explanation:
    """What pieces of knowledge were worth on a data set.

    Attributes:
        test: name of the data set.
        values: what each piece was worth, those worth most first.
        metric: that they are worth points of.
        groundings: IRI of a sample -> IRI of a concept -> how strongly it shows it; of some.
    """

    test: str
    values: tuple[Value, ...]
    metric: str
    groundings: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def extremes(self, count: int) -> tuple[Value, ...]:
        """Number -> as many values: those that help most and, at the end, those that hurt most.

        Either half that is not filled leaves its room to the other.
        """
        hurting = sum(value.comparison.difference < 0 for value in self.values)
        room = max(count // 2, count - (len(self.values) - hurting))
        last = min(hurting, room)
        if count >= len(self.values):
            return self.values
        return (*self.values[: count - last], *self.values[len(self.values) - last :])

    def to_json(self) -> dict[str, Any]:
        """For result files and programs."""
        return {"test": self.test, "worth": [value.to_json() for value in self.values]}
