"""What a class demands of its instances: OWL property restrictions (OWL 2, sections 8.2 to 8.5).

Read from `rdfs:subClassOf` and from `owl:equivalentClass` (whose conditions are necessary too),
there also from the parts of an `owl:intersectionOf`, as in genus and differentia.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pyoxigraph as ox

from kgtransfer.knowledge.class_tree import conjuncts
from kgtransfer.knowledge.terms import Term, node_name, number
from kgtransfer.knowledge.vocabulary import OWL, SUBCLASS_OF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = [
    "Cardinality",
    "Condition",
    "HasValue",
    "Interval",
    "SomeValues",
    "conditions",
]


class SomeValues(NamedTuple):
    """Every `cls` has a `filler` by `relation`."""

    cls: str
    relation: str
    filler: str


class HasValue(NamedTuple):
    """Every `cls` has this very individual or literal by `relation`."""

    cls: str
    relation: str
    value: Term


class Cardinality(NamedTuple):
    """Every `cls` has between `minimum` and `maximum` links by `relation`.

    Attributes:
        cls: the class.
        relation: the relation.
        minimum: the least number of links.
        maximum: the largest number of links; None for no limit.
        filler: the class that is counted; empty for any.
    """

    cls: str
    relation: str
    minimum: int
    maximum: int | None
    filler: str = ""


class Interval(NamedTuple):
    """Every `subject` has a value of `measure` between `minimum` and `maximum`, ends included.

    Attributes:
        subject: a class, an attribute's value, or the measure itself (for any sample).
        measure: a data property or a `kgt:Measure`.
        minimum: the lower end, in the measure's unit; None for no limit.
        maximum: the upper end, in the measure's unit; None for no limit.
    """

    subject: str
    measure: str
    minimum: float | None
    maximum: float | None


Condition: TypeAlias = SomeValues | HasValue | Cardinality | Interval

_COUNTS = {  # restriction -> whether its number bounds the count from below and from above
    "cardinality": (True, True),
    "minCardinality": (True, False),
    "maxCardinality": (False, True),
    "qualifiedCardinality": (True, True),
    "minQualifiedCardinality": (True, False),
    "maxQualifiedCardinality": (False, True),
}


def conditions(graph: KnowledgeGraph) -> Iterator[Condition]:
    """Graph -> the restrictions that its named classes are under; the same one may come twice."""
    for predicate in (SUBCLASS_OF.value, OWL + "equivalentClass"):
        for cls, expression in graph.statements(predicate):
            if not cls.startswith("_:"):
                for part in conjuncts(graph, expression):
                    yield from restriction(graph, cls, node_name(part))


def restriction(graph: KnowledgeGraph, cls: str, node: str) -> Iterator[Condition]:
    """Class and restriction node, by name -> what it demands of the class; nothing if it is none.

    A restriction has one property and one of each that it is restricted to (OWL 2 mapping to RDF,
    table 13): what has more is left out.
    """

    def value(name: str) -> Term | None:
        values = graph.objects(node, OWL + name)
        return values[0] if len(values) == 1 else None

    relation = value("onProperty")
    if not isinstance(relation, ox.NamedNode):
        return
    some, every, exact = value("someValuesFrom"), value("allValuesFrom"), value("hasValue")
    if isinstance(some, ox.NamedNode):
        yield SomeValues(cls, relation.value, some.value)
    for data_range in (some, every):
        yield from _interval(graph, cls, relation.value, data_range)
    if exact is not None:
        yield HasValue(cls, relation.value, exact)
    counted = value("onClass") or value("onDataRange")
    filler = counted.value if isinstance(counted, ox.NamedNode) else ""
    for name, (is_lower, is_upper) in _COUNTS.items():
        count = number(value(name))
        if count is not None and count >= 0:
            least, most = int(count) if is_lower else 0, int(count) if is_upper else None
            yield Cardinality(cls, relation.value, least, most, filler)


def _interval(
    graph: KnowledgeGraph, cls: str, measure: str, data_range: Term | None
) -> Iterator[Interval]:
    """Datatype restriction -> the range that its numeric facets give (OWL 2, section 7.5)."""
    ends: dict[str, list[float]] = {"min": [], "max": []}
    for facets in graph.objects(node_name(data_range), OWL + "withRestrictions"):
        for facet in graph.members(node_name(facets)):
            for end, bounds in ends.items():
                for kind in ("Inclusive", "Exclusive"):
                    values = graph.objects(node_name(facet), f"{XSD}{end}{kind}")
                    bounds += [value for value in map(number, values) if value is not None]
    if ends["min"] or ends["max"]:
        yield Interval(cls, measure, max(ends["min"], default=None), min(ends["max"], default=None))
