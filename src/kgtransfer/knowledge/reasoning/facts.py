"""Triples -> facts that the rules of OWL 2 RL can be applied to."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from kgtransfer.knowledge.datatypes import is_well_typed
from kgtransfer.knowledge.reasoning.owl_rl import ONE
from kgtransfer.knowledge.terms import Term, number
from kgtransfer.knowledge.vocabulary import OWL, RDF, RDF_TYPE, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["Fact", "facts_of"]

Fact: TypeAlias = tuple[Hashable, Hashable, Hashable]
"""Subject, predicate and object: RDF terms, or helpers that no graph contains."""
Statement: TypeAlias = tuple[Term | ox.Triple, ox.NamedNode, Term | ox.Triple]
Cells: TypeAlias = "Mapping[Hashable, Sequence[Hashable]]"
"""Cell of an RDF list -> what it holds, or the cell after it."""

FIRST, REST, NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))
BUILT_IN = [
    (ox.NamedNode(OWL + name), RDF_TYPE, ox.NamedNode(OWL + "Class"))
    for name in ("Thing", "Nothing")
]
"""cls-thing and cls-nothing1."""
COUNTS = frozenset(ox.NamedNode(OWL + n) for n in ("maxCardinality", "maxQualifiedCardinality"))
LISTS = {
    ox.NamedNode(OWL + name): name
    for name in ("intersectionOf", "unionOf", "oneOf", "propertyChainAxiom", "hasKey")
}
"""Predicate of an axiom that is about a list -> its name."""
STRING = ox.NamedNode(XSD + "string")
DERIVED_FROM: Mapping[ox.NamedNode, ox.NamedNode] = {
    ox.NamedNode(XSD + narrow): ox.NamedNode(XSD + broad)
    for broad, narrower in {
        "decimal": ("integer",),
        "integer": ("long", "nonNegativeInteger", "nonPositiveInteger"),
        "long": ("int",),
        "int": ("short",),
        "short": ("byte",),
        "nonNegativeInteger": ("positiveInteger", "unsignedLong"),
        "unsignedLong": ("unsignedInt",),
        "unsignedInt": ("unsignedShort",),
        "unsignedShort": ("unsignedByte",),
        "nonPositiveInteger": ("negativeInteger",),
        "string": ("normalizedString",),
        "normalizedString": ("token",),
        "token": ("language", "Name", "NMTOKEN"),
        "Name": ("NCName",),
        "dateTime": ("dateTimeStamp",),
    }.items()
    for narrow in narrower
}
"""Datatype of XSD -> the one whose values its values are among (XSD 1.1, part 2, section 3)."""


def facts_of(triples: Iterable[ox.Triple]) -> list[Fact]:
    """Triples -> themselves, the lists in them, the types of literals, and what always holds."""
    stated = [(t.subject, t.predicate, t.object) for t in triples]
    return [*stated, *BUILT_IN, *_lists(stated), *_counts(stated), *_types(stated)]


def _lists(stated: Sequence[Statement]) -> Iterator[Fact]:
    """Every list that an axiom is about: its members, and its cells one after the other."""
    cells: dict[ox.NamedNode, dict[Hashable, list[Hashable]]] = {FIRST: {}, REST: {}}
    for subject, predicate, obj in stated:
        if predicate in cells:
            cells[predicate].setdefault(subject, []).append(obj)
    heads = {(LISTS[p], o): None for _, p, o in stated if p in LISTS}
    for kind, head in heads:
        yield from _list(kind, head, _members(head, cells[FIRST], cells[REST]))


def _members(head: Hashable, items: Cells, rests: Cells) -> list[Hashable]:
    """Head of a list -> its members; nothing for a list without end or with a broken cell."""
    members, visited = list[Hashable](), set[Hashable]()
    while head != NIL:
        item, rest = items.get(head, ()), rests.get(head, ())
        if head in visited or len(item) != 1 or len(rest) != 1:
            return []
        visited.add(head)
        members += item
        head = rest[0]
    return members


def _list(kind: str, head: Hashable, members: Sequence[Hashable]) -> Iterator[Fact]:
    yield from ((head, "list:member", member) for member in members)
    cells = [(kind, head, place) for place in range(len(members))]
    for cell, following, member in zip(cells, cells[1:], members, strict=False):
        yield cell, f"item:{kind}", member
        yield cell, "list:next", following
    if cells:
        yield head, f"cells:{kind}", cells[0]
        yield cells[-1], f"last:{kind}", members[-1]


def _counts(stated: Iterable[Statement]) -> Iterator[Fact]:
    """Cardinalities of one, however the number is written."""
    return ((s, p, ONE) for s, p, o in stated if p in COUNTS and number(o) == 1)


def _types(stated: Sequence[Statement]) -> Iterator[Fact]:
    """dt-type2; that a text is an `xsd:string`, only where the graph speaks of that type."""
    silent = STRING if all(obj != STRING for _, _, obj in stated) else None
    for literal in {obj for _, _, obj in stated if isinstance(obj, ox.Literal)}:
        if literal.language is None and literal.datatype != silent and is_well_typed(literal):
            for datatype in _datatypes(literal):
                if datatype != silent:
                    yield literal, RDF_TYPE, datatype


def _datatypes(literal: ox.Literal) -> Iterator[ox.NamedNode]:
    datatype: ox.NamedNode | None = literal.datatype
    while datatype is not None:
        yield datatype
        datatype = DERIVED_FROM.get(datatype)
