"""Concept vectors on a server: the property `_vector` of their nodes, unit length, for any index.

A node `:_Vectors {version}` changes with every write, so that clients know when to read again.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from kgtransfer.errors import StoreError
from kgtransfer.store.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kgtransfer.store.base import Params, Row

    Ask = Callable[[str, Params], list[Row]]

__all__ = ["fetch", "forget", "keep", "version"]

Item = TypeVar("Item")
BATCH = 2_000
_VERSION = "MATCH (v:_Vectors) RETURN v.version AS version"
_RENEW = "MERGE (v:_Vectors) SET v.version = $version"
_WIDTH = "MATCH (n:Resource) WHERE n._vector IS NOT NULL RETURN size(n._vector) AS d LIMIT 1"
_DROP_ALL = "MATCH (n:Resource) WHERE n._vector IS NOT NULL REMOVE n._vector"
_DROP = "UNWIND $rows AS row MATCH (n:Resource {uri: row}) REMOVE n._vector"
_KNOWN = "UNWIND $rows AS row MATCH (n:Resource {uri: row}) RETURN n.uri AS uri"
_KEEP = "UNWIND $rows AS row MATCH (n:Resource {uri: row.uri}) SET n._vector = row.vector"
_FETCH = (
    "MATCH (n:Resource) WHERE n._vector IS NOT NULL AND n._hash IS NOT NULL "
    "RETURN n.uri AS uri, n._vector AS vector ORDER BY uri"
)


def version(ask: Ask) -> str | None:
    """The version of the stored vectors, new with each write; None where there never were any."""
    rows = ask(_VERSION, {})
    return str(rows[0]["version"]) if rows else None


def fetch(ask: Ask) -> Vectors | None:
    """All stored vectors; None where there are none."""
    rows = ask(_FETCH, {})
    unit = np.array([row["vector"] for row in rows], dtype=np.float32)
    return Vectors(tuple(row["uri"] for row in rows), unit) if rows else None


def keep(ask: Ask, vectors: Vectors) -> None:
    """Write vectors; another width than the stored ones have replaces all of those.

    Raises:
        StoreError: a concept that the store does not hold.
    """
    stored = {row["uri"] for rows in _batches(vectors.iris) for row in ask(_KNOWN, {"rows": rows})}
    if missing := [iri for iri in vectors.iris if iri not in stored]:
        raise StoreError(
            f"{missing[0]} (and {len(missing) - 1} more) is not in the store",
            cure="sync the graph before its vectors",
        )
    if any(row["d"] != vectors.unit.shape[1] for row in ask(_WIDTH, {})):
        ask(_DROP_ALL, {})
    numbers = vectors.unit.astype(np.float64)
    for rows in _batches(range(len(vectors.iris))):
        pairs = [{"uri": vectors.iris[row], "vector": numbers[row].tolist()} for row in rows]
        ask(_KEEP, {"rows": pairs})
    _renew(ask)


def forget(ask: Ask, iris: Sequence[str]) -> None:
    """Drop the vectors of concepts that left."""
    for rows in _batches(iris):
        ask(_DROP, {"rows": rows})
    _renew(ask)


def _renew(ask: Ask) -> None:
    ask(_RENEW, {"version": uuid.uuid4().hex})


def _batches(items: Sequence[Item]) -> list[list[Item]]:
    return [list(items[start : start + BATCH]) for start in range(0, len(items), BATCH)]
