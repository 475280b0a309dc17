"""The read gate: what a user's Cypher may say before any engine sees it.

Engines differ in what their read modes enforce (a read transaction may still load files or call
procedures), so this gate decides by the text alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from kgtransfer.errors import QueryRefused, StoreError
from kgtransfer.store.tokens import refusal, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgtransfer.store.tokens import Token

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


@lru_cache(maxsize=256)
def check_read(cypher: str) -> None:
    """Let a query pass that can only read the graph.

    Raises:
        QueryRefused: it could write, load files, call a procedure outside the short list of
            harmless ones, or is written in a way that engines might read differently.
    """
    query = tokens(cypher)
    _refuse_keywords(
        query, _WRITES | _REACHES_OUT, "give --write (in Python read=False) if you mean it"
    )
    if any(token.text == ";" for token in query[:-1]):
        raise refusal("two statements in one query", "run them one by one")
    _refuse_calls(query)


@lru_cache(maxsize=256)
def check_write(cypher: str) -> None:
    """Let a statement pass that may write the graph, but reaches no file and no network.

    Raises:
        QueryRefused: it loads files, calls code that somebody added to the server, or is written
            in a way that engines might read differently.
    """
    statement = tokens(cypher)
    _refuse_keywords(statement, _REACHES_OUT, "read the file in Python and pass its rows")
    _refuse_calls(statement)


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
    return {name.text.strip("`") for mark, name in pairwise(tokens(cypher)) if mark.text == "$"}


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


def _refuse_keywords(query: Sequence[Token], refused: frozenset[str], cure: str) -> None:
    for place in range(len(query)):
        if (keyword := _keyword(query, place)) in refused:
            raise refusal(f"{keyword} is not allowed here", cure)


def _refuse_calls(query: Sequence[Token]) -> None:
    """Refuse procedures and functions beyond Cypher's own, and what SHOW tells of a server."""
    for place, token in enumerate(query):
        if token.kind not in ("word", "name"):
            continue
        if _keyword(query, place) == "CALL":
            _check_call(query, place + 1)
        if _keyword(query, place) == "SHOW":
            _check_show(query, place + 1)
        if _text(query, place + 1) == "(":
            _check_function(query, place)


def _check_call(query: Sequence[Token], start: int) -> None:
    """Refuse the procedure whose name begins at `start`, unless it is a harmless one."""
    if _text(query, start) in ("{", "("):
        return
    end = start
    while end < len(query) and query[end].kind in ("word", "name"):
        end += 2 if _text(query, end + 1) == "." else 1
        if query[end - 1].text != ".":
            break
    name = "".join(token.text.strip("`") for token in query[start:end])
    if name.lower() not in _PROCEDURES:
        allowed = ", ".join(sorted(_PROCEDURES))
        raise refusal(f"CALL {name} is not allowed here", f"use plain Cypher or one of: {allowed}")


def _check_function(query: Sequence[Token], end: int) -> None:
    """Refuse `namespace.function(`, the call whose name ends at `end`, unless Cypher's own."""
    start = end
    while start >= 2 and query[start - 1].text == ".":
        start -= 2
    parts = [token.text.strip("`") for token in query[start : end + 1 : 2]]
    is_procedure = start > 0 and query[start - 1].keyword == "CALL"  # checked as such
    if len(parts) > 1 and not is_procedure and parts[0].lower() not in _FUNCTIONS:
        raise refusal(
            f"{'.'.join(parts)} is an engine's extension", "use the functions of plain Cypher"
        )


def _check_show(query: Sequence[Token], start: int) -> None:
    if start >= len(query) or query[start].keyword not in _SHOWN:
        raise refusal("SHOW is allowed for indexes and constraints only", "leave it out")


def _keyword(query: Sequence[Token], place: int) -> str:
    """What the token at a place would be if a clause began there; nothing, if none can.

    A name in back-ticks is no keyword in Cypher, but kglite begins clauses with some. Whatever
    clause it is, a word, a name or a parenthesis comes next.
    """
    token = query[place]
    if token.names_something or token.kind not in ("word", "name"):
        return ""
    follows = query[place + 1] if place + 1 < len(query) else None
    can_begin = follows and (follows.kind in ("word", "name") or follows.text == "(")
    return token.keyword if token.kind == "word" or can_begin else ""


def _text(query: Sequence[Token], place: int) -> str:
    """The text of the token at a place; of none, nothing."""
    return query[place].text if place < len(query) else ""
