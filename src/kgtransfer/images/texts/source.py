"""`TextSource`: concepts found in images by what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import softmax

from kgtransfer.conditioning.axiom_prior import NAMED
from kgtransfer.errors import OntologyError
from kgtransfer.grounding.observations import FLOOR, Observations
from kgtransfer.images.texts.heads import unit
from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.knowledge.axioms.facts import attributes
from kgtransfer.knowledge.axioms.frequencies import frequency_tables
from kgtransfer.knowledge.vocabulary import KGT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.grounding.base import Grounding
    from kgtransfer.grounding.source import Evidence, Usual
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.texts.model import ImageTextModel
    from kgtransfer.knowledge.axioms.frequencies import Tables
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = npt.NDArray[np.float64]

__all__ = ["TextSource", "attributes_without_measures"]

LENGTH = 10.0
"""Of the vector of a typical image's features, when an arm without the graph reads them."""
OTHER = 0.01
"""Share of a class's images that the names of others fit as well as its own."""

_CLASS = "http://www.w3.org/2002/07/owl#Class"


@dataclass(frozen=True, eq=False)
class TextSource:
    """Images grounded by texts, on any concept from its label and synonyms: a `Source`.

    It reads the features of an image-text model. A concept is scored by the mean head of its label
    and synonyms, standardised over the images of a domain (`text_scores`), so that one written a
    minute ago can be used. Values of an attribute share an image by the softmax of their scores.
    Names of the classes are an attribute as well, `kgt:named`, which axioms see and which never
    conditions; they need no graph, so that a baseline may use them too.

    Attributes:
        graph: the ontology.
        model: scores images by texts.
        of: IRIs of the attributes whose values are found; by default those that nothing measures.
    """

    graph: KnowledgeGraph
    texts: ImageTextModel
    of: tuple[str, ...] | None = None

    @property
    def code(self) -> bytes:
        """Digest of what decides on features."""
        return self.texts.code

    @property
    def model(self) -> str:
        """Digest of the image-text model."""
        return self.texts.hash

    @property
    def width(self) -> int:
        """Of the features."""
        return self.texts.width

    @property
    def scale(self) -> float:
        """So small that a typical image's features have the length 10."""
        return LENGTH / float(np.sqrt(self.width))

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        """IRIs of the values of attributes; no class."""
        return tuple(dict.fromkeys(value for held in self._values.values() for value in held))

    @property
    def relations(self) -> tuple[str, ...]:
        """`kgt:named` and the attributes."""
        return (NAMED, *self._values)

    def ground(self, samples: Sequence[Picture]) -> Grounding:
        """One relation an attribute, the weights of its values as in `observed`."""
        readings = self.read(samples)
        return self.observed(readings, self.usual(readings)).grounding(self.concepts)

    def read(self, samples: Sequence[Picture]) -> Floats:
        """Features of images, `[images, width]`."""
        return self.texts.features(samples)

    def usual(self, readings: Floats) -> Usual:
        """IRI of a concept or class -> mean and standard deviation of its score in the domain.

        Nothing of fewer than two images, of which nothing is usual.
        """
        if len(readings) < 2:
            return {}
        scores = readings @ self._heads.T
        ends = zip(scores.mean(axis=0).tolist(), scores.std(axis=0).tolist(), strict=True)
        return {f"text {iri}": end for iri, end in zip(self._scored, ends, strict=True)}

    def observed(self, readings: Floats, usual: Usual) -> Observations:
        """How well names of classes, and of values of attributes, fit images."""
        scores = self._standardised(readings @ self._heads.T, usual)
        column = {iri: number for number, iri in enumerate(self._scored)}
        values = {NAMED: self._classes, **self._values}
        shares = {}
        for attribute, held in values.items():
            share = softmax(scores[:, [column[iri] for iri in held]], axis=1)
            share += 0.0 if attribute == NAMED else FLOOR  # of many classes all shares are small
            shares[attribute] = share / share.sum(axis=1, keepdims=True)
        return Observations(values, shares)

    def tables(self, classes: Sequence[str]) -> Tables:
        """P(value | class): its own name for a class, and the frequencies of its facts.

        Raises:
            OntologyError: a class is none of the ontology's.
        """
        if unknown := [iri for iri in classes if iri not in self._classes]:
            raise OntologyError(
                f"{self.graph.label(unknown[0])} is no class of the ontology that has a name",
                cure="write a owl:Class and rdfs:label at it",
            )
        distinct = tuple(dict.fromkeys(classes))
        own = [[iri == other for other in distinct] for iri in classes]
        named = (1 - OTHER) * np.array(own, dtype=float) + OTHER / len(distinct)
        axioms = axioms_of(self.graph)
        return {NAMED: (distinct, named), **frequency_tables(axioms, classes, self._values)}

    def numbers(self, readings: Floats) -> Floats:
        """The features."""
        return readings

    def evidence(self, readings: Floats, usual: Usual) -> Mapping[str, Evidence]:
        """Nothing is measured."""
        return {}

    def label(self, iri: str) -> str:
        """As the ontology labels it."""
        return "name" if iri == NAMED else self.graph.label(iri)

    def _standardised(self, scores: Floats, usual: Usual) -> Floats:
        """By what is usual in the domain; by the other texts where nothing is known of one."""
        ends = [usual.get(f"text {iri}") for iri in self._scored]
        own = scores.mean(axis=1, keepdims=True), scores.std(axis=1, keepdims=True)
        among = (scores - own[0]) / np.maximum(own[1], 1e-9)
        known = [column for column, end in enumerate(ends) if end is not None]
        mean, deviation = np.array([end for end in ends if end is not None]).reshape(-1, 2).T
        among[:, known] = (scores[:, known] - mean) / np.maximum(deviation, 1e-9)
        return np.asarray(among)

    @cached_property
    def _values(self) -> dict[str, tuple[str, ...]]:
        """Attribute -> IRIs of its values."""
        found = attributes(self.graph)
        chosen = attributes_without_measures(self.graph) if self.of is None else self.of
        return {attribute: tuple(sorted(found[attribute])) for attribute in sorted(chosen)}

    @cached_property
    def _classes(self) -> tuple[str, ...]:
        """IRIs of what is no attribute, no value and no part of our vocabulary."""
        found = attributes(self.graph)
        others = {*found, *(value for held in found.values() for value in held)}
        named = (iri for iri in self.graph.instances(_CLASS) if not iri.startswith(KGT))
        return tuple(sorted(iri for iri in named if iri not in others))

    @cached_property
    def _scored(self) -> tuple[str, ...]:
        """All that has a head."""
        return tuple(dict.fromkeys((*self._classes, *self.concepts)))

    @cached_property
    def _heads(self) -> Floats:
        """`[scored, width]`, the mean over label and synonyms."""
        names = [(self.graph.label(iri), *self.graph.synonyms(iri)) for iri in self._scored]
        every = self.texts.heads([name for several in names for name in several])
        ends = np.cumsum([len(several) for several in names])[:-1]
        return unit(np.stack([part.mean(axis=0) for part in np.split(every, ends)]))


def attributes_without_measures(graph: KnowledgeGraph) -> tuple[str, ...]:
    """IRIs of the attributes none of whose values says what measures it."""
    measured = {subject for subject, _ in graph.statements(KGT + "measuredBy")}
    found = attributes(graph).items()
    return tuple(sorted(attribute for attribute, held in found if not measured & {*held}))
