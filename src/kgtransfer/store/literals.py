"""RDF literals as property values and back, as neosemantics stores them.

Integers, decimals, doubles, booleans, dates and date-times become native values, a language tag
is kept as `text@en`, and everything else is its text. What a native value cannot say (`007`, the
difference between decimal and double, ...) is told by `faithful`, for the caller to keep aside.
"""

from __future__ import annotations

import contextlib
import re
from datetime import date, datetime
from math import isfinite
from typing import TYPE_CHECKING, TypeAlias, cast

import pyoxigraph as ox

from kgtransfer.store.names import WELL_KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Scalar", "Value", "decode", "encode", "faithful", "parse", "plain"]

Scalar: TypeAlias = str | bool | int | float | date | datetime
Value: TypeAlias = Scalar | list[Scalar]

XSD = WELL_KNOWN["xsd"]
_INTEGERS = (
    *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "nonPositiveInteger"),
    *("positiveInteger", "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort"),
    "unsignedByte",
)
_TAGGED = re.compile(r"(.*)@([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)", re.DOTALL)


def _long(text: str) -> int:
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError(text)
    return number


def _double(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number


_READ: Mapping[str, Callable[[str], Scalar]] = {
    **{XSD + name: _long for name in _INTEGERS},
    **{XSD + name: _double for name in ("decimal", "double", "float")},
    XSD + "boolean": lambda text: {"true": True, "1": True, "false": False, "0": False}[text],
    XSD + "date": date.fromisoformat,
    XSD + "dateTime": datetime.fromisoformat,
}
# bool is an int and datetime a date: the narrower type comes first.
_WRITE: tuple[tuple[type, Callable[[Scalar], tuple[str, str]]], ...] = (
    (bool, lambda v: (str(v).lower(), "boolean")),
    (int, lambda v: (str(v), "integer")),
    (float, lambda v: (repr(v), "double" if "e" in repr(v) else "decimal")),
    (datetime, lambda v: (str(v).replace(" ", "T").replace("+00:00", "Z"), "dateTime")),
    (date, lambda v: (str(v), "date")),
)


def parse(text: str) -> ox.Literal:
    """Text in N-Triples -> the literal."""
    value, _, kind = text[1:].rpartition('"')
    if "\\" in value or "--" in kind:  # escapes and text direction are left to the parser
        (quad,) = ox.parse(f"<a:a> <a:a> {text} .".encode(), format=ox.RdfFormat.N_TRIPLES)
        return cast("ox.Literal", quad.object)
    if not kind:
        return ox.Literal(value)
    if kind[0] == "@":
        return ox.Literal(value, language=kind[1:])
    return ox.Literal(value, datatype=ox.NamedNode(kind[3:-1]))


def plain(text: str) -> str | None:
    """Literal in N-Triples -> its property value where that is its plain text, else None.

    Most literals are such texts; None sends the others through `parse`, `encode`, `faithful`.
    """
    value, _, kind = text[1:].rpartition('"')
    if "\\" in value or "--" in kind or (kind[0] == "^" if kind else "@" in value):
        return None
    return value + kind


def encode(literals: Sequence[ox.Literal], *, many: bool) -> Value:
    """Literals -> the value of one property: an array where `many`, else the preferred one's."""
    if not many:
        return _scalar(min(literals, key=_preference))
    values = [_scalar(literal) for literal in literals]
    if len({type(value) for value in values}) > 1:  # arrays hold one type
        return [_text(literal) for literal in literals]
    return values


def decode(value: Value) -> list[ox.Literal]:
    """Property value -> the literals that it stands for."""
    return [_literal(item) for item in (value if isinstance(value, list) else [value])]


def faithful(literals: Sequence[ox.Literal], value: Value) -> bool:
    """Whether `decode(value)` gives back these very literals, whatever the engine."""
    first = value[0] if isinstance(value, list) else value
    if isinstance(first, datetime) and any(map(_zoned, literals)):
        return False  # some engines keep the instant, but not its zone
    decoded = decode(value)
    return decoded == literals or sorted(map(str, decoded)) == sorted(map(str, literals))


def _zoned(literal: ox.Literal) -> bool:
    try:
        return datetime.fromisoformat(literal.value).tzinfo is not None
    except ValueError:  # another value of the property, and no time at all
        return False


def _preference(literal: ox.Literal) -> tuple[int, str, str]:
    rank = {None: 1, "en": 0}.get(literal.language, 2)
    return rank, literal.value, str(literal)


def _scalar(literal: ox.Literal) -> Scalar:
    convert = _READ.get(literal.datatype.value)
    try:
        return convert(literal.value) if convert else _text(literal)
    except (ValueError, KeyError):
        return literal.value


def _text(literal: ox.Literal) -> str:
    return f"{literal.value}@{literal.language}" if literal.language else literal.value


def _literal(value: Scalar) -> ox.Literal:
    for kind, write in _WRITE:
        if isinstance(value, kind):
            text, datatype = write(value)
            return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))
    if tagged := _TAGGED.fullmatch(str(value)):
        with contextlib.suppress(ValueError):  # `me@x` has the form of a tag, but is none
            return ox.Literal(tagged[1], language=tagged[2])
    return ox.Literal(str(value))
