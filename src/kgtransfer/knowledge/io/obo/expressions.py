"""OBO's class expressions -> OWL: restrictions, intersections, unions, property chains."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import fastobo
import pyoxigraph as ox

from kgtransfer.knowledge.vocabulary import OWL, RDF, RDF_TYPE, XSD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.knowledge.io.obo.names import Names

__all__ = [
    "SHAPING",
    "Expression",
    "Node",
    "chain",
    "collection",
    "narrowed",
    "qualifiers_of",
    "related",
]

Node: TypeAlias = ox.NamedNode | ox.BlankNode

CARDINALITIES = ("cardinality", "minCardinality", "maxCardinality")
SHAPING = frozenset((*CARDINALITIES, "all_some", "all_only", "gci_relation", "gci_filler"))
"""Qualifiers that change what a clause means; the others only annotate it."""


class Expression(NamedTuple):
    """A class or list, and the triples that describe it where it has no IRI."""

    node: Node
    triples: tuple[ox.Triple, ...] = ()


def qualifiers_of(clause: Any) -> dict[str, str]:
    """Clause -> its trailing `{key="value"}`."""
    return {str(q.key): q.value for q in getattr(clause, "qualifiers", None) or ()}


def related(clause: Any, names: Names) -> Expression:
    """Clause -> the class that `intersection_of`, `union_of` or `relationship` points to.

    Raises:
        ValueError: an identifier is no valid IRI, or a cardinality no number.
    """
    filler = names.iri(clause.term)
    if getattr(clause, "typedef", None) is None:
        return Expression(filler)
    relation = names.iri(clause.typedef)
    limits = _limits(qualifiers_of(clause), hasvalue=relation.value in names.class_level)
    restrictions = [_restriction(relation, name, filler, number) for name, number in limits]
    return restrictions[0] if len(restrictions) == 1 else collection("intersectionOf", restrictions)


def narrowed(subject: ox.NamedNode, clause: Any, names: Names) -> Expression | None:
    """Clause -> the part of the class it speaks of, where a `gci_` qualifier says which."""
    qualifiers = qualifiers_of(clause)
    if "gci_relation" not in qualifiers or "gci_filler" not in qualifiers:
        return None
    relation, filler = (
        names.iri(fastobo.id.parse(qualifiers[key])) for key in ("gci_relation", "gci_filler")
    )
    some = _restriction(relation, "someValuesFrom", filler)
    return collection("intersectionOf", [Expression(subject), some])


def collection(operator: str, parts: Sequence[Expression]) -> Expression:
    """Expressions -> an `owl:Class` that is their intersection or union."""
    whole, items = ox.BlankNode(), _list([part.node for part in parts])
    return Expression(
        whole,
        (
            ox.Triple(whole, RDF_TYPE, ox.NamedNode(OWL + "Class")),
            ox.Triple(whole, ox.NamedNode(OWL + operator), items.node),
            *items.triples,
            *(triple for part in parts for triple in part.triples),
        ),
    )


def chain(*relations: ox.NamedNode) -> Expression:
    """Relations -> a chain of properties, for `owl:propertyChainAxiom`."""
    return _list(relations)


def _limits(qualifiers: Mapping[str, str], *, hasvalue: bool) -> list[tuple[str, int | None]]:
    """Qualifiers of a clause -> kinds of restriction, with their numbers."""
    exact, least, most = (
        _number(qualifiers[key]) if key in qualifiers else None for key in CARDINALITIES
    )
    if exact == 0 or most == 0:
        return [("none", None)]
    if exact is not None:
        return [("qualifiedCardinality", exact)]
    if least is not None or most is not None:
        named = [("minQualifiedCardinality", least), ("maxQualifiedCardinality", most)]
        return [(name, number) for name, number in named if number is not None]
    if qualifiers.get("all_only") == "true":
        some = [("someValuesFrom", None)] if qualifiers.get("all_some") == "true" else []
        return [*some, ("allValuesFrom", None)]
    return [("hasValue" if hasvalue else "someValuesFrom", None)]


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError(f"'{text}' is no number")
    return int(text)


def _restriction(
    relation: ox.NamedNode, kind: str, filler: ox.NamedNode, number: int | None = None
) -> Expression:
    node = ox.BlankNode()
    head = (
        ox.Triple(node, RDF_TYPE, ox.NamedNode(OWL + "Restriction")),
        ox.Triple(node, ox.NamedNode(OWL + "onProperty"), relation),
    )
    if number is not None:
        count = ox.Literal(str(number), datatype=ox.NamedNode(XSD + "nonNegativeInteger"))
        tail: tuple[ox.Triple, ...] = (
            ox.Triple(node, ox.NamedNode(OWL + kind), count),
            ox.Triple(node, ox.NamedNode(OWL + "onClass"), filler),
        )
    elif kind == "none":
        complement = ox.BlankNode()
        tail = (
            ox.Triple(node, ox.NamedNode(OWL + "allValuesFrom"), complement),
            ox.Triple(complement, RDF_TYPE, ox.NamedNode(OWL + "Class")),
            ox.Triple(complement, ox.NamedNode(OWL + "complementOf"), filler),
        )
    else:
        tail = (ox.Triple(node, ox.NamedNode(OWL + kind), filler),)
    return Expression(node, head + tail)


def _list(items: Sequence[Node]) -> Expression:
    first, rest = ox.NamedNode(RDF + "first"), ox.NamedNode(RDF + "rest")
    cells: list[Node] = [*(ox.BlankNode() for _ in items), ox.NamedNode(RDF + "nil")]
    triples = [
        triple
        for item, cell, following in zip(items, cells, cells[1:], strict=False)
        for triple in (ox.Triple(cell, first, item), ox.Triple(cell, rest, following))
    ]
    return Expression(cells[0], tuple(triples))
