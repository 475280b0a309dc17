"""What an ontology says of its classes, as typed rules that a model can be scored by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from kgtransfer.knowledge.axioms.cached import cached_by_graph
from kgtransfer.knowledge.axioms.facts import Fact, attributes, facts
from kgtransfer.knowledge.axioms.numbers import one_number
from kgtransfer.knowledge.axioms.restrictions import (
    Cardinality,
    Condition,
    HasValue,
    Interval,
    SomeValues,
    conditions,
)
from kgtransfer.knowledge.class_tree import class_tree
from kgtransfer.knowledge.terms import node_name
from kgtransfer.knowledge.vocabulary import KGT, OWL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = [
    "Axioms",
    "Cardinality",
    "Disjoint",
    "Fact",
    "HasValue",
    "Interval",
    "SomeValues",
    "SubClass",
    "axioms_of",
]


Kind = TypeVar("Kind", SomeValues, HasValue, Cardinality, Interval)
Item = TypeVar("Item")


class SubClass(NamedTuple):
    """Every `cls` is a `superclass`."""

    cls: str
    superclass: str


class Disjoint(NamedTuple):
    """No individual is in two of the classes, which are sorted."""

    classes: tuple[str, ...]


@dataclass(frozen=True)
class Axioms:
    """The rules of an ontology; each kind sorted, without duplicates.

    Attributes:
        sub_classes: the asserted class tree, with the genus of every defined class.
        disjoint: `owl:disjointWith`, `owl:AllDisjointClasses`, `owl:disjointUnionOf`.
        some_values: existential restrictions.
        has_values: restrictions to one individual or literal.
        cardinalities: restrictions of the number of links.
        intervals: ranges of numbers, from datatype facets and `kgt:minimum`, `kgt:maximum`.
        attributes: attribute -> its values, which exclude each other.
        stated: the facts of all classes, as they are stated; see `facts` for what is inherited.
    """

    sub_classes: tuple[SubClass, ...]
    disjoint: tuple[Disjoint, ...]
    some_values: tuple[SomeValues, ...]
    has_values: tuple[HasValue, ...]
    cardinalities: tuple[Cardinality, ...]
    intervals: tuple[Interval, ...]
    attributes: Mapping[str, tuple[str, ...]]
    stated: tuple[Fact, ...]

    def facts(self, cls: str, *, inherited: bool = True) -> tuple[Fact, ...]:
        """IRI of a class -> the facts of that class, sorted by attribute.

        A subclass inherits the facts of its superclasses and overrides them attribute by
        attribute: of what is said about one attribute, the most specific classes count.

        Args:
            cls: IRI of the class.
            inherited: with the facts of superclasses; `Fact.cls` names the class that states it.
        """
        if not inherited:
            return self._stated.get(cls, ())
        classes = (cls, *sorted(self.superclasses(cls)))
        saying: dict[str, list[str]] = {}
        for stater in classes:
            for topic in dict.fromkeys(fact.topic for fact in self._stated.get(stater, ())):
                saying.setdefault(topic, []).append(stater)
        return tuple(
            fact
            for topic in sorted(saying)
            for stater in self._most_specific(saying[topic])
            for fact in self._stated[stater]
            if fact.topic == topic
        )

    def superclasses(self, cls: str) -> frozenset[str]:
        """IRI of a class -> IRIs of all transitive superclasses, the class itself left out."""
        above, queue = set[str](), [cls]
        while queue:
            parents = self._above.get(queue.pop(), frozenset()) - above
            above |= parents
            queue += parents
        return frozenset(above - {cls})

    def _most_specific(self, classes: list[str]) -> list[str]:
        above = {cls: self.superclasses(cls) for cls in classes}

        def overridden(cls: str) -> bool:
            return any(cls in above[other] and other not in above[cls] for other in classes)

        return [cls for cls in classes if not overridden(cls)]

    @cached_property
    def _above(self) -> Mapping[str, frozenset[str]]:
        return {c: frozenset(parents) for c, parents in _grouped(self.sub_classes).items()}

    @cached_property
    def _stated(self) -> Mapping[str, tuple[Fact, ...]]:
        grouped = _grouped((fact.cls, fact) for fact in self.stated)
        return {
            c: tuple(sorted(facts, key=lambda f: (f.topic, f.value)))
            for c, facts in grouped.items()
        }


@cached_by_graph
def axioms_of(graph: KnowledgeGraph) -> Axioms:
    """Graph -> what it says of its classes, as typed rules; the same object at every call.

    Raises:
        OntologyError: a fact's frequency is not described, or has no probability; or a property of
            ours that has one number has several, or none that is a number.
    """
    restrictions = {*conditions(graph), *_measured(graph)}
    values = attributes(graph)
    some_values = _of_kind(SomeValues, restrictions)
    return Axioms(
        sub_classes=tuple(sorted(SubClass(*pair) for pair in class_tree(graph))),
        disjoint=tuple(sorted(set(_disjoint(graph)))),
        some_values=some_values,
        has_values=_of_kind(HasValue, restrictions),
        cardinalities=_of_kind(Cardinality, restrictions),
        intervals=_of_kind(Interval, restrictions),
        attributes=values,
        stated=tuple(facts(graph, values, some_values)),
    )


def _disjoint(graph: KnowledgeGraph) -> Iterator[Disjoint]:
    for cls, other in graph.statements(OWL + "disjointWith"):
        yield from _disjoint_classes((cls, node_name(other)))
    groups = [
        *(pair for pair in graph.statements(OWL + "members") if _is_disjoint(graph, pair[0])),
        *graph.statements(OWL + "disjointUnionOf"),
    ]
    for _, head in groups:
        yield from _disjoint_classes(map(node_name, graph.members(node_name(head))))


def _is_disjoint(graph: KnowledgeGraph, node: str) -> bool:
    return OWL + "AllDisjointClasses" in graph.types(node)


def _disjoint_classes(classes: Iterable[str]) -> Iterator[Disjoint]:
    named = tuple(sorted({cls for cls in classes if not cls.startswith("_:")}))
    if len(named) > 1:
        yield Disjoint(named)


def _measured(graph: KnowledgeGraph) -> Iterator[Interval]:
    """Graph -> the ranges that `kgt:minimum` and `kgt:maximum` give measures or measured values."""
    ends = {
        subject: tuple(one_number(graph, end, subject) for end in ("minimum", "maximum"))
        for predicate in ("minimum", "maximum")
        for subject, _ in graph.statements(KGT + predicate)
        if not subject.startswith("_:")
    }
    for subject, (minimum, maximum) in ends.items():
        for measure in graph.named(subject, KGT + "measuredBy") or (subject,):
            yield Interval(subject, measure, minimum, maximum)


def _of_kind(kind: type[Kind], restrictions: Iterable[Condition]) -> tuple[Kind, ...]:
    return tuple(
        sorted((c for c in restrictions if isinstance(c, kind)), key=lambda c: [*map(str, c)])
    )


def _grouped(pairs: Iterable[tuple[str, Item]]) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = {}
    for key, item in pairs:
        groups.setdefault(key, []).append(item)
    return groups
