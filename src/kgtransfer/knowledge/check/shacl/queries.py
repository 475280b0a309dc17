"""Queries in shapes: what reaches outside is refused before any is run; each is parsed once."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from typing import TYPE_CHECKING

from kgtransfer.knowledge.vocabulary import SH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    import rdflib
    from rdflib.plugins.sparql.sparql import Query

__all__ = ["outward_queries", "parse_once"]

QUERIES = frozenset(SH + name for name in ("select", "ask", "construct"))
UPDATE = SH + "update"
OUTWARD = frozenset(["ServiceGraphPattern", "DatasetClause"])
"""Names in rdflib's syntax tree of what leads to other sources."""
SUSPICIOUS = re.compile(r"SERVICE|FROM", re.IGNORECASE)
ESCAPE = re.compile(r"\\u([0-9a-f]{8}|[0-9a-f]{4})", re.IGNORECASE)


def outward_queries(shapes: rdflib.Graph) -> Iterator[tuple[str, str]]:
    """Shapes -> the nodes (`_:` for blank ones) with queries that ask other sources, and why.

    What a query says after a substitution is not seen here; the evaluator refuses that.
    """
    import rdflib

    for subject, predicate, query in shapes:
        node = f"_:{subject}" if isinstance(subject, rdflib.BNode) else str(subject)
        if str(predicate) == UPDATE:
            yield node, "it changes the graph (sh:update)"
        elif str(predicate) in QUERIES and _reaches_out(str(query)):
            yield node, "it asks other sources (SERVICE, FROM)"


def parse_once() -> None:
    """Have rdflib parse a query once, however often it is asked, until the process ends.

    pySHACL asks the query of a shape anew for each node that the shape is about; to parse it
    takes fifty times as long as to answer it.
    """
    from rdflib.plugins.sparql import processor

    ask = processor.SPARQLProcessor.query

    def asked(
        self: processor.SPARQLProcessor,
        query: str | Query,
        bindings: Mapping[str, Any] | None = None,
        names: Mapping[str, Any] | None = None,
        base: str | None = None,
        debug: bool = False,
    ) -> Mapping[str, Any]:
        if isinstance(query, str):
            query = _prepared(query, base, frozenset((names or {}).items()))
        return ask(self, query, bindings, names, base, debug)

    processor.SPARQLProcessor.query = asked  # type: ignore[method-assign, assignment]


@lru_cache(maxsize=1024)
def _prepared(query: str, base: str | None, names: frozenset[tuple[str, Any]]) -> Query:
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    return translateQuery(parseQuery(query), base, dict(names))


def _reaches_out(query: str) -> bool:
    if not SUSPICIOUS.search(_unescaped(query)):
        return False
    from pyparsing import ParseException
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        return _holds_outward(parseQuery(query))
    except (ParseException, ValueError, RecursionError):
        return True  # no query as it stands, and a suspicious one


def _unescaped(query: str) -> str:
    """Query -> the same with its code points written out, also those that come of code points."""
    while (plain := ESCAPE.sub(_code_point, query)) != query:
        query = plain
    return query


def _code_point(match: re.Match[str]) -> str:
    return chr(min(int(match[1], 16), sys.maxunicode))


def _holds_outward(tree: object) -> bool:
    from pyparsing import ParseResults
    from rdflib.plugins.sparql.parserutils import CompValue

    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, CompValue):
            if part.name in OUTWARD:
                return True
            waiting.extend(part.values())
        elif isinstance(part, list | tuple | ParseResults):
            waiting.extend(part)  # += is not for `ParseResults`
    return False
