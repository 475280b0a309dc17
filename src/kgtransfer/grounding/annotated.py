"""Measures of a sample -> the attributes that annotators gave to others like it.

Annotations of other images are more information than measures and axioms alone: whatever is scored
with these heads belongs beside a baseline that has them too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from kgtransfer.errors import DataError
from kgtransfer.grounding.observations import FLOOR, Observations
from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.knowledge.axioms.frequencies import frequency_tables
from kgtransfer.knowledge.codes import attributes_by_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from sklearn.linear_model import LogisticRegression

    from kgtransfer.grounding.base import Grounding
    from kgtransfer.grounding.source import Evidence, Source, Usual
    from kgtransfer.knowledge.axioms.frequencies import Tables
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = npt.NDArray[np.float64]

__all__ = ["AnnotatedSource", "AttributeHeads"]

Sample = TypeVar("Sample")

MEANS, DEVIATIONS = "means of numbers", "deviations of numbers"
CLIP = 4.0  # standard deviations beyond which a number is an outlier


@dataclass(frozen=True)
class AttributeHeads:
    """Grounds samples on annotated attributes: one multinomial logistic regression an attribute.

    A sample is a row of standardised measures, so samples are `[samples, measures]`.

    Attributes:
        values: attribute -> IRIs of its values, sorted.
        heads: attribute -> what was fitted; its classes are columns of `values`.
    """

    values: Mapping[str, tuple[str, ...]]
    heads: Mapping[str, LogisticRegression]

    @classmethod
    def fitted(
        cls, graph: KnowledgeGraph, numbers: Floats, annotations: Mapping[str, Sequence[str]]
    ) -> AttributeHeads:
        """Annotated samples -> heads; none of these samples may be scored later.

        Args:
            graph: says what columns and entries mean, by `kgt:codedAs`.
            numbers: `[samples, measures]`, standardised.
            annotations: column -> entry of each sample; columns without a meaning are left out.

        Raises:
            DataError: no column has a meaning, or an entry of one has none.
        """
        from sklearn.linear_model import LogisticRegression

        values: dict[str, tuple[str, ...]] = {}
        heads: dict[str, LogisticRegression] = {}
        for column, (attribute, codes) in sorted(attributes_by_code(graph).items()):
            entries = annotations.get(column)
            if entries is None:
                continue
            if unknown := sorted(set(entries) - set(codes)):
                raise DataError(
                    f"column {column}: the ontology does not know {', '.join(unknown)}",
                    cure=f"entries are: {', '.join(sorted(codes))}",
                )
            values[attribute] = tuple(sorted(set(codes.values())))
            rows = [values[attribute].index(codes[entry]) for entry in entries]
            if len(set(rows)) > 1:
                heads[attribute] = LogisticRegression(max_iter=1000).fit(numbers, rows)
        if not heads:
            raise DataError(
                "no column of the annotations is an attribute of the ontology",
                cure="write kgt:codedAs with the columns' names at the attributes",
            )
        return cls({attribute: values[attribute] for attribute in heads}, heads)

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        """IRIs of the values of all attributes, attribute by attribute; each once."""
        return tuple(dict.fromkeys(chain.from_iterable(self.values.values())))

    @cached_property
    def relations(self) -> tuple[str, ...]:
        """IRIs of the attributes."""
        return tuple(self.values)

    def ground(self, samples: Floats) -> Grounding:
        """One relation an attribute, the weights of its values as in `observe`."""
        return self.observe(samples).grounding(self.concepts)

    def observe(self, samples: Floats) -> Observations:
        """p(value | sample) by the heads, `[samples, values]` for each attribute."""
        weights = {}
        for attribute, head in self.heads.items():
            shares = np.zeros((len(samples), len(self.values[attribute])))
            if len(samples):
                shares[:, head.classes_] = head.predict_proba(samples)
            shares += FLOOR
            weights[attribute] = shares / shares.sum(axis=1, keepdims=True)
        return Observations(self.values, weights)


class AnnotatedSource(Generic[Sample]):
    """Attributes as annotators of other samples gave them, predicted from what a source reads.

    A `Source` around another one: it reads what that one reads, and heads (`AttributeHeads`) that
    were fitted to annotated samples of the training split tell values from its numbers. The
    attributes of a sample that is scored are never looked at.

    Args:
        base: reads samples.
        readings: of the annotated samples, `[samples, base.width]`.
        annotations: column of a table -> entry of each annotated sample.

    Raises:
        DataError: no column is an attribute of the ontology, or an entry has no meaning.
    """

    def __init__(
        self, base: Source[Sample], readings: Floats, annotations: Mapping[str, Sequence[str]]
    ) -> None:
        self.base, self.graph, self.model = base, base.graph, base.model
        self.width, self.scale = base.width, base.scale
        self.heads = AttributeHeads.fitted(
            base.graph, self._standard(readings, self.usual(readings)), annotations
        )
        self.concepts, self.relations = self.heads.concepts, self.heads.relations

    @property
    def code(self) -> bytes:
        """That of the source that reads."""
        return self.base.code

    def ground(self, samples: Sequence[Sample]) -> Grounding:
        """One relation an attribute, by what is usual among these samples."""
        readings = self.read(samples)
        return self.observed(readings, self.usual(readings)).grounding(self.concepts)

    def read(self, samples: Sequence[Sample]) -> Floats:
        """What the base reads."""
        return self.base.read(samples)

    def usual(self, readings: Floats) -> Usual:
        """Means and standard deviations of the base's numbers in a domain."""
        numbers = self.base.numbers(readings)
        if not len(numbers):
            return {}
        present = ~np.isnan(numbers)
        count = np.maximum(present.sum(axis=0), 1)
        mean = np.where(present, numbers, 0).sum(axis=0) / count
        spread = np.sqrt((np.where(present, numbers - mean, 0) ** 2).sum(axis=0) / count)
        return {MEANS: tuple(mean.tolist()), DEVIATIONS: tuple(spread.tolist())}

    def observed(self, readings: Floats, usual: Usual) -> Observations:
        """p(value | sample) by the heads."""
        return self.heads.observe(self._standard(readings, usual))

    def tables(self, classes: Sequence[str]) -> Tables:
        """The frequencies of facts about the attributes that are annotated."""
        return frequency_tables(axioms_of(self.graph), classes, self.heads.values)

    def numbers(self, readings: Floats) -> Floats:
        """Those of the base: an arm without the graph reads the same."""
        return self.base.numbers(readings)

    def evidence(self, readings: Floats, usual: Usual) -> Mapping[str, Evidence]:
        """Nothing: many numbers decide together."""
        return {}

    def label(self, iri: str) -> str:
        """As the ontology labels it."""
        return self.graph.label(iri)

    def _standard(self, readings: Floats, usual: Usual) -> Floats:
        """z-scores by what is usual; 0 where a sample lacks a number, or nothing is usual."""
        numbers = self.base.numbers(readings)
        mean, spread = np.array(usual.get(MEANS, 0.0)), np.array(usual.get(DEVIATIONS, 1.0))
        scores = ((numbers - mean) / np.maximum(spread, 1e-9)).clip(-CLIP, CLIP)
        return np.asarray(np.where(np.isnan(scores), 0, scores) * self.scale)
