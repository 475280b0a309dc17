"""How an ontology says that its concepts are measured: thresholds, ranges, softnesses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.axioms.numbers import one_number, one_value
from kgtransfer.knowledge.terms import node_name
from kgtransfer.knowledge.vocabulary import KGT

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["MeasuredConcept", "PercentileRange", "measured_concepts", "percentile_ranges"]


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
class PercentileRange:
    """The 5th and 95th percentile of a measure."""

    low: float
    high: float


def measured_concepts(graph: KnowledgeGraph) -> tuple[MeasuredConcept, ...]:
    """All concepts with `kgt:measuredBy`, sorted.

    Raises:
        OntologyError: a concept has no softness, neither threshold nor range or both, two measures,
            or two numbers where there is one.
    """
    concepts = {subject for subject, _ in graph.statements(KGT + "measuredBy")}
    return tuple(_concept(graph, concept) for concept in sorted(concepts))


def percentile_ranges(graph: KnowledgeGraph) -> dict[str, PercentileRange]:
    """Measure -> `kgt:lowEnd` and `kgt:highEnd`.

    Raises:
        OntologyError: a measure has one of them only, or a low end that is not below its high end.
    """
    names = ("lowEnd", "highEnd")
    measures = {measure for name in names for measure, _ in graph.statements(KGT + name)}
    return {measure: _range(graph, measure) for measure in sorted(measures)}


def _range(graph: KnowledgeGraph, measure: str) -> PercentileRange:
    low, high = (one_number(graph, name, measure) for name in ("lowEnd", "highEnd"))
    if low is None or high is None or low >= high:
        raise OntologyError(
            f"{graph.label(measure)} has no low end below a high end",
            cure="write kgt:lowEnd and kgt:highEnd, its 5th and 95th percentile; or neither",
        )
    return PercentileRange(low, high)


def _concept(graph: KnowledgeGraph, concept: str) -> MeasuredConcept:
    measure = node_name(one_value(graph, "measuredBy", concept))
    numbers = ("threshold", "minimum", "maximum", "softness")
    threshold, low, high, softness = (one_number(graph, name, concept) for name in numbers)
    banded = low is not None or high is not None
    if threshold is not None and softness and not banded:
        low, high = (threshold, None) if softness > 0 else (None, threshold)
    elif threshold is not None or not banded or not softness or softness < 0:
        raise OntologyError(
            f"{graph.label(concept)} is measured by {graph.label(measure)}, but not from where on",
            cure="write kgt:threshold and a kgt:softness that is not 0; "
            "or kgt:minimum, kgt:maximum or both, and a positive kgt:softness",
        )
    return MeasuredConcept(concept, measure, low, high, abs(softness))


def _sigmoid(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -500, 500))))
