"""Cypher text -> tokens, cut so that every engine cuts them in the same places, or refused.

Engines differ in escapes, odd line ends, nested comments, in what a name may hold, and in whether
a number ends where a letter follows. What two of them could read differently is refused here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgtransfer.errors import QueryRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Token", "refusal", "tokens"]

_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]|\\[uU]")
_OWNER = re.compile(r"[A-Za-z_]\w*|`.*`|[)\]]", re.DOTALL)  # what may have a property after a dot
_TOKEN = re.compile(
    r"""
      (?P<comment> //[^\n]* | /\*(?:(?!\*/|/\*).)*\*/ )
    | (?P<text>    '(?:[^'\\]|\\[^'"])*' | "(?:[^"\\]|\\[^'"])*" )
    | (?P<name>    (?:`[^`\\]*`)+ )
    | (?P<space>   [ \t\n]+ )
    | (?P<word>    [A-Za-z_]\w* )
    | (?P<number>  (?: 0[xX][0-9a-fA-F]+ | (?:\d+(?:_\d+)*)?\.?\d+(?:[eE][+-]?\d+)? ) (?!\w) )
    | (?P<glued>   \d )
    | (?P<broken>  ['"`\\] | /\* )
    | (?P<foreign> [^\x00-\x7f] )
    | (?P<mark>    . )
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
# Kinds that are no token: what is said of them, and what to write instead.
_UNREADABLE = {
    "broken": (
        "the quote, comment or escape at character {place} is not closed or not plain",
        "pass texts with quotes or backslashes as parameters",
    ),
    "glued": (
        "the number at character {place} touches a letter",
        "put a space between them; names that begin with a digit belong in back-ticks",
    ),
    "foreign": (
        "{text!r} at character {place} stands outside of quotes",
        "put names with such characters in back-ticks, and write plain spaces",
    ),
}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of Cypher.

    Args:
        kind: `word`, `name` (in back-ticks), `text` (a string), `number` or `mark`.
        text: as it stands in the query.
        names_something: it stands right after `:`, `$` or `name.`, where no clause can begin.
    """

    kind: str
    text: str
    names_something: bool

    @property
    def keyword(self) -> str:
        """The word as engines compare it with their keywords, without back-ticks."""
        return self.text.strip("`").upper()


def tokens(cypher: str) -> list[Token]:
    """A query's tokens, without comments and white space.

    Raises:
        QueryRefused: engines might cut the text in different places.
    """
    text = cypher.replace("\r\n", "\n")
    if odd := _ODD.search(text):
        raise refusal(
            f"the query contains {odd.group()!r}", "pass special characters as parameters"
        )
    return [token for token in _scan(text) if token.kind not in ("comment", "space")]


def refusal(what: str, cure: str) -> QueryRefused:
    """The error that says why a query is not run."""
    return QueryRefused(f"query refused: {what}", cure=cure)


def _scan(text: str) -> Iterator[Token]:
    owner, last = "", ""  # the two tokens before, white space and comments included
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind in _UNREADABLE:
            what, cure = _UNREADABLE[kind]
            raise refusal(what.format(place=match.start() + 1, text=match.group()), cure)
        is_property = last == "." and bool(_OWNER.fullmatch(owner))
        yield Token(kind, match.group(), is_property or last in (":", "$"))
        owner, last = last, match.group()
