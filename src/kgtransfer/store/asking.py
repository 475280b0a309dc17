"""A question from the command line: Cypher, a named query or a file, asked of a store."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import DataError, QueryRefused
from kgtransfer.store import connect
from kgtransfer.store.embedded.path import existing
from kgtransfer.store.queries import absent, expanded, is_name, named_query, parameters
from kgtransfer.store.security import parameter_names
from kgtransfer.store.sync import distrust

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.store.base import Row

__all__ = ["ask"]

SPARQL = re.compile(
    r"(?:\s|#[^\n]*\n)*(?:(?:PREFIX|BASE|SELECT|ASK|CONSTRUCT|DESCRIBE)\b"
    r"|(?:INSERT|DELETE)\s+(?:DATA|WHERE)?\s*\{)",
    re.IGNORECASE,
)
"""How a question in SPARQL begins, and none in Cypher."""


def ask(
    where: str,
    question: str,
    pairs: Sequence[str],
    *,
    write: bool = False,
    timeout: float = 30.0,
    max_rows: int = 100_000,
) -> tuple[list[Row], list[str]]:
    """Store and question -> rows, and notes on them; the store must be there.

    Args:
        where: the store, as `connect` takes it.
        question: Cypher, the name of a query, or the path of a `.cypher` file.
        pairs: `name=value` of each parameter; an IRI of a named query may be `prefix:name`.
        write: the question may write; the next sync verifies what the store holds then.
        timeout: seconds for it.
        max_rows: more rows are an error.

    Returns:
        The rows and what to know about them: IRIs among the parameters that the store knows
        nothing of, where there are no rows, and that a sync was cut off.

    Raises:
        QueryRefused: the question is in SPARQL, or writes without `write`.
    """
    values = parameters(pairs)
    named = named_query(question) if is_name(question) else None
    if named is not None:
        named.require(values)
    else:
        _refuse_sparql(question)
        _require(question, values)
    with connect(existing(where)) as store:
        if named is not None:
            values = expanded(store, named, values)
        if write:
            distrust(store)
        text = named.cypher if named is not None else question
        rows = store.run(text, values, read=not write, timeout=timeout, max_rows=max_rows)
        unknown = absent(store, named, values) if named is not None and not rows else []
        notes = [f"the store knows no {iri}" for iri in unknown]
        if store.is_half_way():
            notes.append(
                "a sync of this store was cut off, or still runs: it is half-way; sync again"
            )
    return rows, notes


def _refuse_sparql(question: str) -> None:
    """Raises a `QueryRefused` that says the way out, for a question in the wrong language."""
    if SPARQL.match(question):
        raise QueryRefused(
            "this is SPARQL: a store is asked in Cypher",
            cure="write MATCH (c:Resource) RETURN c.uri LIMIT 10, or take a named query: "
            "kgtransfer query --list",
        )


def _require(cypher: str, values: Mapping[str, Any]) -> None:
    missing = sorted(parameter_names(cypher) - values.keys())
    if missing:
        raise DataError(
            f"no value for ${', $'.join(missing)}",
            cure="give " + " ".join(f"-p {name}=VALUE" for name in missing),
        )
