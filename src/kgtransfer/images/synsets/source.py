"""`SynsetSource`: a pre-trained head as a source of grounding, through WordNet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.grounding.observations import FLOOR, Observations
from kgtransfer.images.synsets.prior import columns_below, synset_prior, wnid_of
from kgtransfer.knowledge.axioms.facts import attributes
from kgtransfer.knowledge.wordnet import linked_synsets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.grounding.base import Grounding
    from kgtransfer.grounding.source import Evidence, Usual
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.synsets.head import SynsetGrounder
    from kgtransfer.knowledge.axioms.frequencies import Tables
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.knowledge.wordnet import WordNet

    Floats = npt.NDArray[np.float64]

__all__ = ["SynsetSource"]

LENGTH = 10.0
"""Of the vector of a typical image's features, when an arm without the graph reads them."""


@dataclass(frozen=True, eq=False)
class SynsetSource:
    """Images grounded on the synsets that a pre-trained head names: a `Source`.

    It reads the features before the head. Axioms see one attribute, `kgt:depicted`, whose values
    are the head's classes (see `synset_prior`). Values of the ontology's own attributes that are
    linked to WordNet are grounded too, by the share of all that lies at or below their synsets:
    they may condition. An arm without the graph reads the features: on photos the strongest numbers
    that this model has without labels, stronger than its class scores.

    Attributes:
        graph: the ontology; its classes are linked by skos:exactMatch, closeMatch or broadMatch.
        wordnet: the hierarchy.
        head: what names synsets in images.
    """

    graph: KnowledgeGraph
    wordnet: WordNet
    head: SynsetGrounder

    @property
    def code(self) -> bytes:
        """Digest of the model and of the code that runs it."""
        return self.head.code

    @property
    def model(self) -> str:
        """Digest of the backbone and of the size of its images."""
        return self.head.hash

    @property
    def width(self) -> int:
        """Of the features."""
        return self.head.width

    @property
    def scale(self) -> float:
        """So small that a typical image's features have the length 10."""
        return LENGTH / float(np.sqrt(self.width))

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        """The head's synsets, and the ontology's values that are linked to some."""
        linked = (value for values in self._linked.values() for value in values)
        return tuple(dict.fromkeys((*self.head.concepts, *linked)))

    @cached_property
    def relations(self) -> tuple[str, ...]:
        """`kgt:depicted`, and the ontology's attributes with linked values."""
        return (*self.head.relations, *self._linked)

    def ground(self, samples: Sequence[Picture]) -> Grounding:
        """One relation an attribute, the weights of its values as in `observed`."""
        return self.observed(self.read(samples), {}).grounding(self.concepts)

    def read(self, samples: Sequence[Picture]) -> Floats:
        """Features of images, `[images, width]`."""
        return self.head.features(samples)

    def usual(self, readings: Floats) -> Usual:  # a head is the same everywhere
        """Nothing."""
        return {}

    def observed(self, readings: Floats, usual: Usual) -> Observations:
        """How strongly images show synsets, and the ontology's values that lie above these."""
        named = self.head.observations(readings)
        (shares,) = named.weights.values()
        values, weights = dict(named.values), dict(named.weights)
        for attribute, columns in self._linked.items():
            values[attribute] = tuple(columns)
            below = [shares[:, of_value].sum(axis=1) for of_value in columns.values()]
            evidence = np.stack(below, axis=1) + FLOOR
            weights[attribute] = evidence / evidence.sum(axis=1, keepdims=True)
        return Observations(values, weights)

    def tables(self, classes: Sequence[str]) -> Tables:
        """P(synset | class), see `synset_prior`.

        Raises:
            OntologyError: a class is not linked, or to a synset that WordNet lacks.
        """
        return synset_prior(self.graph, classes, self.wordnet, self.head.concepts).tables

    def numbers(self, readings: Floats) -> Floats:
        """The features."""
        return readings

    def evidence(self, readings: Floats, usual: Usual) -> Mapping[str, Evidence]:
        """Nothing is measured."""
        return {}

    def label(self, iri: str) -> str:
        """As the ontology labels it; a synset by its first word in WordNet."""
        if iri in self._words:
            return self._words[iri]
        return self.graph.label(iri)

    @cached_property
    def _words(self) -> dict[str, str]:
        word_of = self.wordnet.words
        ids = ((value, wnid_of(value)) for value in self.head.concepts)
        return {value: word_of[wnid] for value, wnid in ids if wnid in word_of}

    @cached_property
    def _linked(self) -> dict[str, dict[str, list[int]]]:
        """Attribute -> its values that are linked -> columns of the head's classes below each."""
        below = columns_below(self.wordnet, self.head.concepts)
        linked: dict[str, dict[str, list[int]]] = {}
        for attribute, values in sorted(attributes(self.graph).items()):
            for value in sorted(values):
                synsets = linked_synsets(self.graph, value)
                columns = sorted({column for s in synsets for column in below.get(s, ())})
                if columns:
                    linked.setdefault(attribute, {})[value] = columns
        return linked
