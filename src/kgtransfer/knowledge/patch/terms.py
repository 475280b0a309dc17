"""RDF terms <-> their Turtle."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.io.iris import resolved
from kgtransfer.knowledge.patch.tokens import PREFIXED_NAME
from kgtransfer.knowledge.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.knowledge.patch.tokens import Token

__all__ = ["Names", "literal", "written"]

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_ESCAPED = {letter: "\\" + name for name, letter in _LETTERS.items()} | {'"': '\\"', "\\": "\\\\"}
_SHORT = {  # datatype -> how its literals may stand without quotes
    XSD + "integer": re.compile("[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "double": re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)[eE][+-]?[0-9]+"),
    XSD + "boolean": re.compile("true|false"),
}
_NOT_IN_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\"\\]")


class Names:
    """The prefixes and the base that hold at one place of a file."""

    def __init__(self, prefixes: Mapping[str, str], base: str) -> None:
        self.prefixes, self.base = prefixes, base

    def resolve(self, token: Token) -> str | None:
        """IRI or prefixed name -> IRI; None for a prefix that is not declared."""
        if token.kind == "iri":
            return resolved(unescaped(token.text[1:-1]), self.base)
        prefix, _, local = token.text.partition(":")
        space = self.prefixes.get(prefix)
        return None if space is None else space + re.sub(r"\\(.)", r"\1", local)

    def shortened(self, iri: str) -> str:
        """IRI -> a prefixed name where one fits, else the IRI in full."""
        spaces = sorted(self.prefixes.items(), key=lambda pair: -len(pair[1]))
        for prefix, space in spaces:
            name = f"{prefix}:{iri.removeprefix(space)}"
            if iri.startswith(space) and PREFIXED_NAME.fullmatch(name) and "%" not in name:
                return name
        return f"<{_NOT_IN_IRI.sub(_code, iri)}>"


def unescaped(text: str) -> str:
    r"""Turtle's text -> the text that its `\n`, `\"`, `\u00e9` and so on stand for."""

    def letter(match: re.Match[str]) -> str:
        code = match.group(1) or match.group(2)
        return chr(int(code, 16)) if code else _LETTERS.get(match.group(3), match.group(3))

    return _ESCAPE.sub(letter, text)


def literal(token: Token, language: str = "", datatype: ox.NamedNode | None = None) -> ox.Literal:
    """Token of a string, number or boolean -> its literal."""
    if token.kind != "string":
        kind = "boolean" if token.kind == "word" else token.kind
        return ox.Literal(token.text, datatype=ox.NamedNode(XSD + kind))
    quotes = 3 if token.text[:3] in ('"' * 3, "'" * 3) else 1
    value = unescaped(token.text[quotes:-quotes])
    if language:
        return ox.Literal(value, language=language)
    return ox.Literal(value, datatype=datatype)


def written(term: ox.NamedNode | ox.Literal, names: Names) -> str:
    """Term -> Turtle, as short as it can be."""
    if isinstance(term, ox.NamedNode):
        return names.shortened(term.value)
    datatype = term.datatype.value
    if datatype in _SHORT and _SHORT[datatype].fullmatch(term.value):
        return term.value
    text = f'"{_CONTROL.sub(_escape, term.value)}"'
    if term.language:
        return f"{text}@{term.language}"
    return text if datatype == XSD + "string" else f"{text}^^{names.shortened(datatype)}"


def _escape(match: re.Match[str]) -> str:
    return _ESCAPED.get(match.group()) or _code(match)


def _code(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04X}"
