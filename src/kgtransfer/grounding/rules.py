"""How an ontology says that its concepts are measured: thresholds, ranges, softnesses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.terms import number
from kgtransfer.knowledge.vocabulary import KGT

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["Ends", "MeasuredConcept", "measure_ends", "measured_concepts"]


@dataclass(frozen=True)
class MeasuredConcept:
    """A concept and the numbers that decide how strongly a sample shows it.

    Attributes:
        concept: IRI.
        measure: IRI of the measure.
        low: where the concept sets in; None where it holds however little there is.
        high: where it ends; None where it holds however much there is.
        softness: how gradually, in the measure's unit; above 0.
    """

    concept: str
    measure: str
    low: float | None
    high: float | None
    softness: float

    def weights(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """How strongly samples with these values show the concept, 0 to 1; nan stays nan."""
        weights = np.where(np.isnan(values), np.nan, 1.0)
        if self.low is not None:
            weights = weights * _sigmoid((values - self.low) / self.softness)
        if self.high is not None:
            weights = weights * _sigmoid((self.high - values) / self.softness)
        return weights


@dataclass(frozen=True)
class Ends:
    """The 5th and 95th percentile of a measure."""

    low: float
    high: float


def measured_concepts(graph: KnowledgeGraph) -> tuple[MeasuredConcept, ...]:
    """All concepts with `kgt:measuredBy`, sorted.

    Raises:
        OntologyError: a concept has no softness, or neither threshold nor range.
    """
    found = {
        (subject, measure)
        for subject, _ in graph.statements(KGT + "measuredBy")
        for measure in graph.named(subject, KGT + "measuredBy")
    }
    return tuple(_concept(graph, *pair) for pair in sorted(found))


def measure_ends(graph: KnowledgeGraph) -> dict[str, Ends]:
    """Measure -> `kgt:lowEnd` and `kgt:highEnd`, of those that have both."""
    found = {}
    for measure, _ in graph.statements(KGT + "lowEnd"):
        low, high = _number(graph, measure, "lowEnd"), _number(graph, measure, "highEnd")
        if low is not None and high is not None and low < high:
            found[measure] = Ends(low, high)
    return found


def _concept(graph: KnowledgeGraph, concept: str, measure: str) -> MeasuredConcept:
    numbers = ("threshold", "minimum", "maximum", "softness")
    threshold, low, high, softness = (_number(graph, concept, name) for name in numbers)
    if threshold is not None and softness:
        low, high = (threshold, None) if softness > 0 else (None, threshold)
    if not softness or (low is None and high is None):
        raise OntologyError(
            f"{graph.label(concept)} is measured by {graph.label(measure)}, but not from where on",
            cure="write kgt:threshold, or kgt:minimum and kgt:maximum, and a kgt:softness",
        )
    return MeasuredConcept(concept, measure, low, high, abs(softness))


def _number(graph: KnowledgeGraph, subject: str, name: str) -> float | None:
    found = map(number, graph.objects(subject, KGT + name))
    return next((value for value in found if value is not None), None)


def _sigmoid(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -500, 500))))
