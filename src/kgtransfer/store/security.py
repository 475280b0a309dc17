"""The read gate: what a user's Cypher may say before any engine sees it.

Engines differ in what their read modes enforce (a read transaction may still load files or call
procedures), so this gate decides by the text alone, and where two engines could read the same
text differently (escapes, odd line ends, nested comments) it refuses.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from kgtransfer.errors import QueryRefused, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["check_read", "check_write", "only_reads", "parameter_names", "quoted"]

_WRITES = frozenset(
    {
        *("CREATE", "INSERT", "MERGE", "SET", "DELETE", "DETACH", "NODETACH", "REMOVE", "DROP"),
        *("FOREACH", "ALTER", "GRANT", "DENY", "REVOKE", "RENAME", "START", "STOP", "TERMINATE"),
        *("ENABLE", "DRYRUN", "DEALLOCATE", "REALLOCATE", "USE"),
    }
)
_REACHES_OUT = frozenset({"LOAD"})
# Namespaces of Cypher's own functions; any other holds code that somebody added to the server.
_FUNCTIONS = frozenset(
    {
        *("date", "datetime", "localdatetime", "time", "localtime", "duration"),
        *("point", "vector"),
    }
)
_PROCEDURES = frozenset(
    {
        "db.labels",
        "db.relationshiptypes",
        "db.propertykeys",
        "db.schema.visualization",
        "db.schema.nodetypeproperties",
        "db.schema.reltypeproperties",
        "db.index.fulltext.querynodes",
        "db.index.fulltext.queryrelationships",
        "db.index.vector.querynodes",
    }
)
_SHOWN = frozenset({"INDEX", "INDEXES", "CONSTRAINT", "CONSTRAINTS"})

# A name in Cypher text: what an IRI may contain, so never a back-tick, backslash or space.
_NAME = re.compile(r"[^\x00-\x20\x7f-\xa0<>\"{}|^`\\\u2028\u2029]+")
_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]|\\[uU]")
_OWNER = re.compile(r"[^\W\d]\w*|`.*`|[)\]]", re.DOTALL)  # what may have a property after a dot
_TOKEN = re.compile(
    r"""
      (?P<comment> //[^\n]* | /\*(?:(?!\*/|/\*).)*\*/ )
    | (?P<text>    '(?:[^'\\]|\\[^'"])*' | "(?:[^"\\]|\\[^'"])*" )
    | (?P<name>    (?:`[^`\\]*`)+ )
    | (?P<space>   \s+ )
    | (?P<word>    \w+ )
    | (?P<broken>  ['"`\\] | /\* )
    | (?P<mark>    . )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    names_something: bool  # stands right after `:`, `$` or `name.`, where no clause can begin

    @property
    def keyword(self) -> str:
        """The word as an engine might read it as a keyword: upper case, no look-alikes."""
        return unicodedata.normalize("NFKC", self.text).upper()


@lru_cache(maxsize=256)
def check_read(cypher: str) -> None:
    """Let a query pass that can only read the graph.

    Raises:
        QueryRefused: it could write, load files, call a procedure outside the short list of
            harmless ones, or is written in a way that engines might read differently.
    """
    tokens = _tokens(cypher)
    _refuse_keywords(
        tokens, _WRITES | _REACHES_OUT, "give --write (in Python read=False) if you mean it"
    )
    for place, token in enumerate(tokens):
        following = tokens[place + 1 :]
        if token.kind == "mark" and token.text == ";" and following:
            raise _refusal("two statements in one query", "run them one by one")
        if token.kind not in ("word", "name"):
            continue
        if token.keyword == "CALL" and not token.names_something:
            _check_call(following)
        if token.keyword == "SHOW" and not token.names_something:
            _check_show(following)
        if following and following[0].text == "(":
            _check_function(tokens[: place + 1])


@lru_cache(maxsize=256)
def check_write(cypher: str) -> None:
    """Let a statement pass that may write the graph, but reaches no file and no network.

    Raises:
        QueryRefused: LOAD CSV, or text that engines might read differently.
    """
    _refuse_keywords(_tokens(cypher), _REACHES_OUT, "read the file in Python and pass its rows")


@lru_cache(maxsize=256)
def only_reads(cypher: str) -> bool:
    """Whether `check_read` lets a statement pass."""
    try:
        check_read(cypher)
    except QueryRefused:
        return False
    return True


def parameter_names(cypher: str) -> set[str]:
    """The `$names` that a statement takes; raises what `check_read` does of text it cannot read."""
    tokens = _tokens(cypher)
    pairs = pairwise(tokens)
    return {name.text.strip("`") for mark, name in pairs if mark.text == "$"}


def quoted(name: str) -> str:
    """A label or relationship type as it may stand in Cypher text, in back-ticks.

    Raises:
        StoreError: the name has a character that no IRI has.
    """
    if not _NAME.fullmatch(name):
        raise StoreError(
            f"{name!r} cannot be a label or relationship type",
            cure="use IRIs without spaces, double quotes, back-ticks, braces or backslashes",
        )
    return f"`{name}`"


def _tokens(cypher: str) -> list[_Token]:
    """The query without comments and white space."""
    text = cypher.replace("\r\n", "\n")
    if odd := _ODD.search(text):
        raise _refusal(
            f"the query contains {odd.group()!r}", "pass special characters as parameters"
        )
    return [token for token in _scan(text) if token.kind not in ("comment", "space")]


def _scan(text: str) -> Iterator[_Token]:
    owner, last = "", ""  # the two tokens before, white space and comments included
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind == "broken":
            raise _refusal(
                f"the quote, comment or escape at character {match.start() + 1} is not closed "
                "or not plain",
                "pass texts with quotes or backslashes as parameters",
            )
        dotted = last == "." and bool(_OWNER.fullmatch(owner))
        yield _Token(kind, match.group(), dotted or last in (":", "$"))
        owner, last = last, match.group()


def _refuse_keywords(tokens: list[_Token], refused: frozenset[str], cure: str) -> None:
    for token in tokens:
        if token.kind == "word" and token.keyword in refused and not token.names_something:
            raise _refusal(f"{token.keyword} is not allowed here", cure)


def _check_call(following: list[_Token]) -> None:
    if following and following[0].text in ("{", "("):
        return
    parts: list[str] = []
    for token in following:
        if token.kind not in ("word", "name") and token.text != ".":
            break
        if token.kind != "mark" and parts and parts[-1] != ".":
            break
        parts.append(token.text.strip("`"))
    name = "".join(parts)
    if name.lower() not in _PROCEDURES:
        allowed = ", ".join(sorted(_PROCEDURES))
        raise _refusal(f"CALL {name} is not allowed here", f"use plain Cypher or one of: {allowed}")


def _check_function(until: list[_Token]) -> None:
    """Refuse `namespace.function(`, the call that `until` ends with, unless it is Cypher's own."""
    start = len(until) - 1
    while start >= 2 and until[start - 1].text == ".":
        start -= 2
    parts = [token.text.strip("`") for token in until[start:] if token.text != "."]
    called = start > 0 and until[start - 1].keyword == "CALL"  # a procedure: checked as such
    if len(parts) > 1 and not called and parts[0].lower() not in _FUNCTIONS:
        raise _refusal(
            f"{'.'.join(parts)} is an engine's extension", "use the functions of plain Cypher"
        )


def _check_show(following: list[_Token]) -> None:
    if not following or following[0].keyword not in _SHOWN:
        raise _refusal("SHOW is allowed for indexes and constraints only", "leave it out")


def _refusal(what: str, cure: str) -> QueryRefused:
    return QueryRefused(f"query refused: {what}", cure=cure)
