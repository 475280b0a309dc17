"""Several sources of grounding as one: side by side, and mixed where they ground the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from kgtransfer.errors import ConfigError
from kgtransfer.grounding.mixing import agreement_weights, mixed
from kgtransfer.grounding.observations import FLOOR, Observations
from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.knowledge.axioms.frequencies import frequency_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.grounding.source import Evidence, Source, Usual
    from kgtransfer.knowledge.axioms.frequencies import Tables
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = npt.NDArray[np.float64]

__all__ = ["CombinedSource", "combined", "parts_of"]

Sample = TypeVar("Sample")


def combined(sources: Source[Sample] | Sequence[Source[Sample]]) -> Source[Sample]:
    """One source, or several of one ontology -> one; a single one stays as it is.

    Raises:
        ConfigError: there is none, or two are of different ontologies.
    """
    several = isinstance(sources, list | tuple)
    parts: Sequence[Source[Sample]] = sources if several else [sources]  # type: ignore[assignment,list-item]
    if not parts:
        raise ConfigError("samples are grounded by nothing", cure="give a source of grounding")
    if len(parts) > 1 and len({part.graph.hash for part in parts}) > 1:
        raise ConfigError(
            "the sources of grounding are of different ontologies",
            cure="make all of them with the one that the run is about",
        )
    return parts[0] if len(parts) == 1 else CombinedSource(tuple(parts))


def parts_of(source: Source[Sample]) -> tuple[Source[Sample], ...]:
    """A source -> those that it is made of; itself where it is made of no others."""
    return source.parts if isinstance(source, CombinedSource) else (source,)


@dataclass(frozen=True)
class CombinedSource(Generic[Sample]):
    """Several sources as one: what they read, and its numbers, side by side.

    Attributes:
        parts: the sources, of one ontology. An attribute that several ground is a mixture of what
            they show, each by its weight: see `mixing`. What two read with the same model stands
            among the numbers once.
    """

    parts: tuple[Source[Sample], ...]

    @property
    def graph(self) -> KnowledgeGraph:
        """See `Source`."""
        return self.parts[0].graph

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        """IRIs of the values of all parts, each once."""
        return tuple(dict.fromkeys(chain.from_iterable(part.concepts for part in self.parts)))

    @cached_property
    def relations(self) -> tuple[str, ...]:
        """IRIs of the attributes of all parts, each once."""
        return tuple(dict.fromkeys(chain.from_iterable(part.relations for part in self.parts)))

    @cached_property
    def code(self) -> bytes:
        """See `Source`; empty where that of a part is."""
        codes = [part.code for part in self.parts]
        return hashlib.sha256(b"\n".join(codes)).digest() if all(codes) else b""

    @property
    def model(self) -> str:
        """See `Source`."""
        return " ".join(part.model for part in self.parts if part.model)

    @property
    def width(self) -> int:
        """See `Source`."""
        return sum(part.width for part in self.parts)

    @cached_property
    def scale(self) -> Floats:
        """See `Source`."""
        scales = [
            np.broadcast_to(part.scale, part.numbers(np.empty((0, part.width))).shape[1])
            for part in self._numbering
        ]
        return np.concatenate(scales)

    def read(self, samples: Sequence[Sample]) -> Floats:
        """See `Source`."""
        return np.hstack([part.read(samples) for part in self.parts])

    def usual(self, readings: Floats) -> Usual:
        """What is usual for each part, and the weights of those that ground the same attribute.

        A weight is learned from the readings alone: a source counts by how well it agrees with
        what the axioms make of all other attributes.
        """
        own_usual = {
            name: numbers
            for part, own in self._split(readings)
            for name, numbers in part.usual(own).items()
        }
        if not self._shared or not len(readings):
            return own_usual
        each = self._each(readings, own_usual)
        even = self._mixed(each, {})
        shares = {a: self._aligned(each, a) for a in self._shared}
        described = sorted({fact.cls for fact in axioms_of(self.graph).stated})
        tables = frequency_tables(axioms_of(self.graph), described, even.values)
        weights = agreement_weights(shares, even, tables)
        return own_usual | {f"weights of {a}": of for a, of in weights.items()}

    def observed(self, readings: Floats, usual: Usual) -> Observations:
        """See `Source`; sources of one attribute are mixed by the weights that are usual."""
        return self._mixed(self._each(readings, usual), usual)

    def tables(self, classes: Sequence[str]) -> Tables:
        """See `Source`; of an attribute that several ground, over the values of all of them."""
        found = {
            attribute: table
            for part in self.parts
            for attribute, table in part.tables(classes).items()
        }
        values = {a: self._shared[a] for a in found if a in self._shared}
        return found | dict(frequency_tables(axioms_of(self.graph), classes, values))

    def numbers(self, readings: Floats) -> Floats:
        """See `Source`."""
        counted = [id(part) for part in self._numbering]
        split = self._split(readings)
        return np.hstack([part.numbers(own) for part, own in split if id(part) in counted])

    def evidence(self, readings: Floats, usual: Usual) -> Mapping[str, Evidence]:
        """See `Source`."""
        return {
            value: evidence
            for part, own in self._split(readings)
            for value, evidence in part.evidence(own, usual).items()
        }

    def label(self, iri: str) -> str:
        """As the last part says that grounds on it."""
        for part in reversed(self.parts):
            if iri in part.concepts or iri in part.relations:
                return part.label(iri)
        return self.graph.label(iri)

    @cached_property
    def _numbering(self) -> list[Source[Sample]]:
        """The parts whose numbers count: the first of those that read with one model."""
        first: dict[object, Source[Sample]] = {}
        for place, part in enumerate(self.parts):
            first.setdefault(part.code if part.model and part.code else place, part)
        return list(first.values())

    @cached_property
    def _shared(self) -> dict[str, tuple[str, ...]]:
        """Attributes that several parts ground -> all values that any of them does."""
        nothing = self._each(np.empty((0, self.width)), {})
        values: dict[str, list[tuple[str, ...]]] = {}
        for observed in nothing:
            for attribute, held in observed.values.items():
                values.setdefault(attribute, []).append(held)
        return {a: tuple(sorted({*chain(*held)})) for a, held in values.items() if len(held) > 1}

    def _each(self, readings: Floats, usual: Usual) -> list[Observations]:
        return [part.observed(own, usual) for part, own in self._split(readings)]

    def _aligned(self, each: Sequence[Observations], attribute: str) -> list[Floats]:
        """Shares of the values that any part grounds, by each part that does."""
        values = self._shared[attribute]
        aligned = []
        for observed in each:
            if attribute not in observed.values:
                continue
            weights = observed.weights[attribute]
            shares = np.full((len(weights), len(values)), FLOOR)
            shares[:, [values.index(value) for value in observed.values[attribute]]] = weights
            aligned.append(shares / shares.sum(axis=1, keepdims=True))
        return aligned

    def _mixed(self, each: Sequence[Observations], usual: Usual) -> Observations:
        """The parts' observations as one; even weights where none are usual."""
        values = {a: held for observed in each for a, held in observed.values.items()}
        weights = {a: shares for observed in each for a, shares in observed.weights.items()}
        for attribute, held in self._shared.items():
            shares = self._aligned(each, attribute)
            believed = usual.get(f"weights of {attribute}", (1 / len(shares),) * len(shares))
            values[attribute], weights[attribute] = held, mixed(shares, believed)
        return Observations(values, weights)

    def _split(self, readings: Floats) -> Iterator[tuple[Source[Sample], Floats]]:
        """Each part with its columns."""
        ends = np.cumsum([part.width for part in self.parts])[:-1]
        return zip(self.parts, np.split(readings, ends, axis=1), strict=True)
