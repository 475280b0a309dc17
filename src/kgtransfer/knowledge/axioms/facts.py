"""Facts that hold more or less often: "neutrophils usually have a multilobed nucleus".

Two forms are read. The short one has the frequency as its predicate:

    ex:Neutrophil kgt:usual ex:MultilobedNucleus .

and its sources, evidence and numeric range on an `owl:Axiom` about that statement. The long one
has the frequency on the axiom of a restriction, `C rdfs:subClassOf [owl:onProperty R;
owl:someValuesFrom V]`; such a restriction without a frequency is usual.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.axioms.annotations import annotated_statements, is_stated
from kgtransfer.knowledge.axioms.numbers import one_number
from kgtransfer.knowledge.axioms.restrictions import SomeValues, restriction
from kgtransfer.knowledge.terms import node_name
from kgtransfer.knowledge.vocabulary import KGT, SUBCLASS_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kgtransfer.knowledge.graph import KnowledgeGraph

Statement: TypeAlias = "tuple[str, str, str, Sequence[str]]"
"""Class, value, frequency, and the nodes that annotate it."""

__all__ = ["Fact", "attributes", "facts", "frequencies"]

USUAL = KGT + "usual"
PROBABILITIES = {USUAL: 0.9, KGT + "sometimes": 0.3, KGT + "rare": 0.05, KGT + "never": 0.01}
"""What the frequencies stand for where the graph does not say it."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """How often the instances of a class show a value of an attribute.

    Attributes:
        cls: the class.
        value: the value, a subclass of the attribute; or a measure, with a range.
        attribute: the attribute that the value belongs to; empty for none.
        frequency: `kgt:usual`, `kgt:sometimes`, `kgt:rare`, `kgt:never` or one of the graph's.
        probability: the share of instances that the frequency stands for, in (0, 1).
        source: IRIs or citations of who states it; those of the class where it has none itself.
        evidence: what the sources say.
        minimum: the lower end of a measure's range, in its unit; None for no limit.
        maximum: the upper end.
    """

    cls: str
    value: str
    attribute: str
    frequency: str
    probability: float
    source: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    @property
    def topic(self) -> str:
        """What the fact is about: its attribute, else the value itself."""
        return self.attribute or self.value


def frequencies(graph: KnowledgeGraph) -> dict[str, float]:
    """Graph -> the probability of each frequency: the usual four, and those that it describes.

    Raises:
        OntologyError: a probability is not one number above 0 and below 1.
    """
    probabilities = dict(PROBABILITIES)
    for iri in graph.instances(KGT + "Frequency"):
        probability = one_number(graph, "probability", iri)
        if probability is None:
            continue
        if not 0 < probability < 1:
            raise OntologyError(
                f"{graph.compact(iri)} has no probability above 0 and below 1: {probability:g}",
                cure="write kgt:probability with a number such as 0.9",
            )
        probabilities[iri] = probability
    return probabilities


def attributes(graph: KnowledgeGraph) -> dict[str, tuple[str, ...]]:
    """Graph -> attribute (direct subclass of `kgt:Attribute`): its values (all subclasses)."""
    direct = graph.subjects(SUBCLASS_OF.value, KGT + "Attribute")
    return {attribute: graph.subclasses(attribute) for attribute in direct}


def facts(
    graph: KnowledgeGraph, values: Mapping[str, Iterable[str]], required: Iterable[SomeValues]
) -> list[Fact]:
    """Graph -> every fact that it states, sorted; both forms of the same fact give one.

    Args:
        graph: the graph.
        values: attribute -> values.
        required: the restrictions that the graph's classes are under.

    Raises:
        OntologyError: a fact has a frequency that is not described, or one without a probability;
            or two ends of its range where there is one.
    """
    probability = frequencies(graph)
    attribute = {value: name for name in values for value in (name, *values[name])}
    stated: dict[tuple[str, str, str], list[str]] = {}
    for cls, value, frequency, nodes in (
        *_short_form(graph, probability),
        *_long_form(graph, [fact for fact in required if fact.filler in attribute]),
    ):
        if frequency not in probability:
            raise OntologyError(
                f"{graph.compact(frequency)}, said of {graph.label(cls)}, is no frequency",
                cure="use kgt:usual, kgt:sometimes, kgt:rare or kgt:never, or describe it: "
                "a kgt:Frequency ; kgt:probability 0.5",
            )
        stated.setdefault((cls, value, frequency), []).extend(nodes)
    return [
        _fact(graph, key, nodes, attribute.get(key[1], ""), probability[key[2]])
        for key, nodes in sorted(stated.items())
    ]


def _short_form(graph: KnowledgeGraph, frequencies: Iterable[str]) -> Iterator[Statement]:
    nodes: dict[tuple[str, str, str], list[str]] = {}
    for node, cls, predicate, value in annotated_statements(graph):
        nodes.setdefault((cls, predicate, node_name(value)), []).append(node)
    for frequency in frequencies:
        for cls, value in graph.statements(frequency):
            if isinstance(value, ox.NamedNode):
                annotated = nodes.get((cls, frequency, value.value), ())
                yield cls, value.value, frequency, annotated


def _long_form(graph: KnowledgeGraph, required: Iterable[SomeValues]) -> Iterator[Statement]:
    """The annotated restrictions, then those without a frequency, which are usual."""
    plain = {(cls, value): list[str]() for cls, _, value in required}
    for statement in annotated_statements(graph):
        node, cls, predicate, target = statement
        if predicate == SUBCLASS_OF.value and is_stated(graph, statement):
            stated = graph.named(node, KGT + "frequency")
            for fact in restriction(graph, cls, node_name(target)):
                if isinstance(fact, SomeValues):
                    yield from ((cls, fact.filler, frequency, (node,)) for frequency in stated)
                    if stated:
                        plain.pop((cls, fact.filler), None)
                    elif (cls, fact.filler) in plain:
                        plain[cls, fact.filler].append(node)
    for (cls, value), nodes in plain.items():
        yield cls, value, USUAL, nodes


def _fact(
    graph: KnowledgeGraph,
    key: tuple[str, str, str],
    nodes: Sequence[str],
    attribute: str,
    probability: float,
) -> Fact:
    cls, value, frequency = key

    def texts(name: str, *subjects: str) -> tuple[str, ...]:
        terms = (o for subject in subjects for o in graph.objects(subject, KGT + name))
        return tuple(sorted({getattr(term, "value", str(term)) for term in terms}))

    return Fact(
        cls=cls,
        value=value,
        attribute=attribute,
        frequency=frequency,
        probability=probability,
        source=texts("source", *nodes) or texts("source", cls),
        evidence=texts("evidence", *nodes),
        minimum=one_number(graph, "minimum", *nodes),
        maximum=one_number(graph, "maximum", *nodes),
    )
