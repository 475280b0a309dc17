"""Turtle as tokens with their places (W3C RDF 1.1 Turtle, 2014, section 6.5).

Nothing is left out: the texts of all tokens, one after the other, are the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BLANK", "PREFIXED_NAME", "Token", "tokens"]

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_INNER = f"{_BASE}_0-9\u00b7\u0300-\u036f\u203f-\u2040-"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?#@%-]"
_PREFIX = f"(?:[{_BASE}](?:[{_INNER}.]*[{_INNER}])?)?"
_LOCAL = f"(?:[{_BASE}_:0-9]|{_ESCAPED})(?:(?:[{_INNER}.:]|{_ESCAPED})*(?:[{_INNER}:]|{_ESCAPED}))?"
PREFIXED_NAME = re.compile(f"{_PREFIX}:(?:{_LOCAL})?")
_EXPONENT = "[eE][+-]?[0-9]+"
_KINDS = {  # in this order: a `#` or a dot inside a string or an IRI is only a letter of it
    "space": "[ \t\r\n]+|\\A\ufeff",
    "comment": "#[^\r\n]*",
    "iri": r"<(?:[^\x00-\x20<>\"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>",
    "string": r"\"{3}(?:[^\"\\]|\\.|\"{1,2}(?!\"))*\"{3}|'{3}(?:[^'\\]|\\.|'{1,2}(?!'))*'{3}"
    r"|\"(?!\"\")(?:[^\"\\\r\n]|\\.)*\"|'(?!'')(?:[^'\\\r\n]|\\.)*'|\"\"(?!\")|''(?!')",
    "blank": f"_:[{_BASE}_0-9](?:[{_INNER}.]*[{_INNER}])?",
    "name": PREFIXED_NAME.pattern,
    "double": rf"[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+){_EXPONENT}",
    "decimal": r"[+-]?[0-9]*\.[0-9]+",
    "integer": "[+-]?[0-9]+",
    "at": "@[A-Za-z]+(?:-[A-Za-z0-9]+)*",
    "word": "[A-Za-z]+",
    "mark": r"\^\^|[.;,\[\]()]",
    "other": ".",
}
_TOKEN = re.compile("|".join(f"(?P<{kind}>{p})" for kind, p in _KINDS.items()), re.DOTALL)
BLANK = frozenset({"space", "comment"})
"""Kinds of tokens that say nothing."""


class Token(NamedTuple):
    """A piece of a Turtle text.

    Attributes:
        kind: `space`, `comment`, `iri`, `string`, `blank` (node), (prefixed) `name`, `double`,
            `decimal`, `integer`, `at` (a language or directive), `word`, `mark`, or `other` for a
            letter that starts no token.
        text: the piece.
        start: where it starts.
        end: where it ends.
    """

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """Turtle -> its tokens, spaces and comments too, in their order."""
    for match in _TOKEN.finditer(text):
        yield Token(match.lastgroup or "other", match.group(), *match.span())
