"""Literals that their datatype has no value for: `"abc"^^xsd:integer` (W3C XSD 1.1, part 2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.findings import Finding
from kgtransfer.knowledge.owners import owners
from kgtransfer.knowledge.terms import node_name
from kgtransfer.knowledge.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["ill_typed", "is_well_typed"]

_ZONE = r"(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))?"
_DATE = r"-?([1-9]\d{3,}|0\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_TIME = r"(([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?|24:00:00(\.0+)?)"
_DECIMAL = r"[+-]?(\d+(\.\d*)?|\.\d+)"
_FLOAT = rf"{_DECIMAL}([eE][+-]?\d+)?|[+-]?INF|NaN"
FORMS: Mapping[str, tuple[str, str]] = {
    "boolean": ("true|false|0|1", "true or false"),
    "decimal": (_DECIMAL, "a number, such as 2.5"),
    "double": (_FLOAT, "a number, such as 2.5e3"),
    "float": (_FLOAT, "a number, such as 2.5e3"),
    "date": (_DATE + _ZONE, "a date, such as 2020-01-31"),
    "dateTime": (f"{_DATE}T{_TIME}{_ZONE}", "date and time, such as 2020-01-31T12:00:00Z"),
    "time": (_TIME + _ZONE, "a time, such as 12:00:00"),
    "gYear": (rf"-?([1-9]\d{{3,}}|0\d{{3}}){_ZONE}", "a year, such as 2020"),
}
"""Datatype -> the pattern of what it can be written as, and that in words."""
RANGES: Mapping[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    **{name: (-(2**bits), 2**bits - 1) for name, bits in
       (("byte", 7), ("short", 15), ("int", 31), ("long", 63))},
    **{f"unsigned{name}": (0, 2**bits - 1) for name, bits in
       (("Byte", 8), ("Short", 16), ("Int", 32), ("Long", 64))},
}  # fmt: skip
"""Datatype of integers -> its least and its largest, None for no limit."""
MAX_DIGITS = 4000
"""Longest integer whose value is looked at; longer ones fit no limited type."""
_PATTERNS = {XSD + name: re.compile(pattern) for name, (pattern, _) in FORMS.items()}
_INTEGER = re.compile(r"[+-]?\d+")
SHOWN = 40  # letters of a literal that a message shows


def is_well_typed(literal: ox.Literal) -> bool:
    """Whether a literal's text has a value in its datatype; true for datatypes not known here."""
    datatype, text = literal.datatype.value, literal.value.strip()
    if (pattern := _PATTERNS.get(datatype)) is not None:
        return pattern.fullmatch(text) is not None
    range_ = RANGES.get(datatype.removeprefix(XSD)) if datatype.startswith(XSD) else None
    if range_ is None:
        return True
    if not _INTEGER.fullmatch(text):
        return False
    least, most = range_
    if len(text) > MAX_DIGITS:
        return (least if text.startswith("-") else most) is None
    return (least is None or least <= int(text)) and (most is None or int(text) <= most)


def ill_typed(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Violations: literals without a value, at the concept that states them."""
    owner = None
    for triple in graph.triples:
        literal = triple.object
        if not isinstance(literal, ox.Literal) or is_well_typed(literal):
            continue
        owner = owner or owners(graph)
        name = literal.datatype.value.removeprefix(XSD)
        text = literal.value if len(literal.value) <= SHOWN else f"{literal.value[:SHOWN]}..."
        message = f'"{text}" is no xsd:{name} ({graph.compact(triple.predicate.value)})'
        cure = f"write {_form(name)}, or leave out ^^xsd:{name}"
        yield Finding.of(graph, owner(node_name(triple.subject)), "violation", message, cure)


def _form(name: str) -> str:
    if name in FORMS:
        return FORMS[name][1]
    least, most = RANGES[name]
    low = f"from {least}" if least is not None else ""
    high = f"to {most}" if most is not None else ""
    return " ".join(("a whole number", *filter(None, (low, high))))
