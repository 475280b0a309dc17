"""`Source`: what finds concepts in samples, as an experiment uses it: read once, grounded anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

from kgtransfer.grounding.base import GroundedOn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from kgtransfer.grounding.observations import Observations
    from kgtransfer.knowledge.axioms.frequencies import Tables
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = npt.NDArray[np.float64]

__all__ = ["Evidence", "Source", "Usual"]

Sample = TypeVar("Sample", contravariant=True)

Usual: TypeAlias = "Mapping[str, tuple[float, ...]]"
"""What is usual in one domain, by names of the source's own; it is kept with the run, as JSON."""


@dataclass(frozen=True)
class Evidence:
    """The number that decides on a concept in one sample.

    Attributes:
        measure: IRI of what was measured.
        value: the number; None where it could not be taken.
        unit: of the number, as a UCUM code.
    """

    measure: str
    value: float | None
    unit: str


class Source(GroundedOn, Protocol[Sample]):
    """A source of grounding, bound to an ontology: any object with these.

    What it reads of a sample depends on no ontology, so that no edit makes readings stale; what
    they show does. Labels are never looked at.
    """

    @property
    def graph(self) -> KnowledgeGraph:
        """The ontology that it grounds on."""
        ...

    @property
    def code(self) -> bytes:
        """Digest of all that decides what it reads; readings are not kept where it is empty."""
        ...

    @property
    def model(self) -> str:
        """Digest of the pre-trained model that it reads with; empty where none does.

        What a model reads differs in its last bits from machine to machine: it is this digest, not
        the readings, that tells whether data are those of a run.
        """
        ...

    @property
    def width(self) -> int:
        """How many numbers it reads of a sample."""
        ...

    @property
    def scale(self) -> Floats | float:
        """Factor on `numbers`, each standardised; one, or one for each of them.

        1 for a few dozen. Less for very many, together as long a vector as a few dozen: else a
        ridge regression on few labels is hardly penalised.
        """
        ...

    def read(self, samples: Sequence[Sample]) -> Floats:
        """`[samples, width]`, whatever the ontology says; nan where there is nothing to read."""
        ...

    def usual(self, readings: Floats) -> Usual:
        """Readings of many samples of one domain -> what is usual there.

        Raises:
            DataError: they are too few to tell.
        """
        ...

    def observed(self, readings: Floats, usual: Usual) -> Observations:
        """How strongly samples of a domain show the values of attributes."""
        ...

    def tables(self, classes: Sequence[str]) -> Tables:
        """What axioms lead to expect of classes, by attributes of `observed`: see `AxiomPrior`.

        Raises:
            OntologyError: the ontology lacks what the tables are made of.
        """
        ...

    def numbers(self, readings: Floats) -> Floats:
        """`[samples, numbers]` that an arm without the graph may use as well; nan where unknown."""
        ...

    def evidence(self, readings: Floats, usual: Usual) -> Mapping[str, Evidence]:
        """Readings `[1, width]` of a sample -> IRI of a value -> the number that decides on it."""
        ...

    def label(self, iri: str) -> str:
        """What people call an attribute or a value, also one that the ontology does not name."""
        ...
