"""Bringing nodes and their relationships in order, by Cypher that every engine speaks.

Every node that a sync made carries `_hash`, the digest of all that was written for it. A node
about to change first gets an empty `_hash`, and its real one only when everything is written:
whatever was interrupted is found by the next sync, compared with what the store really holds,
and completed. Nodes without `_hash` belong to somebody else.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from kgtransfer.store.base import Params, Row
from kgtransfer.store.mapping import EXACT, Edge, Resource
from kgtransfer.store.security import quoted

if TYPE_CHECKING:
    from kgtransfer.store.names import Names

__all__ = ["NODES", "OUT", "Link", "Plan", "Write", "ask", "batches", "carry_out", "remove_nodes"]

Write: TypeAlias = Callable[[str, Params], list[Row]]
Link: TypeAlias = tuple[str, Edge]  # source and what it points to
Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)

BATCH = 10_000
NODES = (
    "UNWIND $rows AS row MATCH (n:Resource {uri: row}) "
    "RETURN n.uri AS uri, labels(n) AS labels, properties(n) AS properties"
)
OUT = (
    "UNWIND $rows AS row MATCH (n:Resource {uri: row})-[r]->(m:Resource) "
    "RETURN n.uri AS uri, type(r) AS type, m.uri AS target, r.derived AS derived"
)
_HASH = "UNWIND $rows AS row MATCH (n:Resource {uri: row.uri}) SET n._hash = row.hash"
_PROPERTIES = "UNWIND $rows AS row MATCH (n:Resource {uri: row.uri}) SET n += row.properties"
_ENDS = "UNWIND $rows AS row MATCH (s:Resource {uri: row.s}), (o:Resource {uri: row.o}) "
_DERIVED = " {quantifier: 'some', derived: true}"
_DELETE_EDGES = (
    "UNWIND $rows AS row MATCH (s:Resource {{uri: row.s}})-[r:{type}]->(o:Resource {{uri: row.o}}) "
    "WHERE coalesce(r.derived, false) = {derived} DELETE r"
)
_DELETE_NODES = (
    "UNWIND $rows AS row MATCH (n:Resource {uri: row}) "
    "WHERE NOT (n)--() AND n._adopted IS NULL DELETE n"
)
_ADOPT = "UNWIND $rows AS row MATCH (n:Resource {uri: row}) SET n._adopted = true"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write: new nodes, nodes that others made, known nodes that changed, and leavers."""

    fresh: Sequence[Resource]
    adopted: Sequence[Resource]
    stale: Sequence[Resource]
    gone: Sequence[str]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.fresh or self.adopted or self.stale or self.gone)


def carry_out(write: Write, plan: Plan, names: Names) -> tuple[list[Link], list[Link]]:
    """Write all that a plan says.

    Returns:
        The relationships added, and those removed.
    """
    known = [*plan.stale, *plan.adopted]
    for batch in batches(r.uri for r in plan.adopted):
        write(_ADOPT, {"rows": batch})
    _mark(write, ((uri, "") for uri in (*plan.gone, *(r.uri for r in known))))
    _create_nodes(write, plan.fresh)
    added, removed = _settle(write, known, plan.gone, names)
    added.extend((r.uri, edge) for r in plan.fresh for edge in r.edges)
    _delete_edges(write, removed)
    _create_edges(write, added)
    remove_nodes(write, plan.gone)
    _mark(write, ((r.uri, r.digest) for r in (*plan.fresh, *known)))
    return added, removed


def _settle(
    write: Write, stale: Sequence[Resource], gone: Sequence[str], names: Names
) -> tuple[list[Link], list[Link]]:
    """Bring labels and properties of known nodes in order.

    Returns:
        The relationships that they still lack, and those that they have too many.
    """
    empty = {uri: Resource(uri, (), {}, (), "") for uri in gone}
    wanted = {r.uri: r for r in stale} | empty
    rows: list[Row] = []
    labels: dict[str, list[str]] = defaultdict(list)
    for found in ask(write, NODES, wanted):
        target = wanted[found["uri"]]
        rows.append({"uri": target.uri, "properties": _patch(found["properties"], target, names)})
        has = {label for label in found["labels"] if names.full(label) is not None}
        for label in has - set(target.labels):
            labels[f"REMOVE n:{quoted(label)}"].append(target.uri)
        for label in set(target.labels) - has:
            labels[f"SET n:{quoted(label)}"].append(target.uri)
    for batch in batches([row for row in rows if row["properties"]]):
        write(_PROPERTIES, {"rows": batch})
    for clause, uris in sorted(labels.items()):
        for some in batches(uris):
            write(f"UNWIND $rows AS row MATCH (n:Resource {{uri: row}}) {clause}", {"rows": some})

    have = {
        (row["uri"], (row["type"], row["target"], bool(row["derived"])))
        for row in ask(write, OUT, wanted)
        if names.full(row["type"]) is not None
    }
    want = {(resource.uri, edge) for resource in stale for edge in resource.edges}
    return sorted(want - have), sorted(have - want)


def _patch(stored: Mapping[str, Any], target: Resource, names: Names) -> dict[str, Any]:
    """What to set on a node, null for what to remove; other people's properties stay."""
    ours = {key for key in stored if key == EXACT or names.full(key) is not None}
    changed = {k: v for k, v in target.properties.items() if not _same(stored.get(k), v)}
    return {**dict.fromkeys(ours - target.properties.keys()), **changed}


def _same(left: object, right: object) -> bool:
    """Equal and of the same type: 1, 1.0 and True are three things in RDF."""
    return repr(left) == repr(right)


def _create_nodes(write: Write, fresh: Iterable[Resource]) -> None:
    for labels, group in _grouped(fresh, lambda r: r.labels):
        clause = "".join(f":{quoted(label)}" for label in labels)
        for batch in batches(group):
            rows = [{"uri": r.uri, "_hash": "", **r.properties} for r in batch]
            write(f"UNWIND $rows AS row CREATE (n:Resource{clause}) SET n = row", {"rows": rows})


def _create_edges(write: Write, edges: Iterable[Link]) -> None:
    for (kind, derived), group in _grouped(edges, lambda link: (link[1][0], link[1][2])):
        about = _DERIVED if derived else ""
        statement = f"{_ENDS}CREATE (s)-[:{quoted(kind)}{about}]->(o)"
        for batch in batches(group):
            write(statement, {"rows": [{"s": uri, "o": target} for uri, (_, target, _) in batch]})


def _delete_edges(write: Write, edges: Iterable[Link]) -> None:
    for (kind, derived), group in _grouped(edges, lambda link: (link[1][0], link[1][2])):
        statement = _DELETE_EDGES.format(type=quoted(kind), derived=json.dumps(derived))
        for batch in batches(group):
            write(statement, {"rows": [{"s": uri, "o": target} for uri, (_, target, _) in batch]})


def remove_nodes(write: Write, gone: Sequence[str]) -> None:
    """Delete nodes; one that others made or point to stays, without what the sync wrote."""
    for batch in batches(gone):
        write(_DELETE_NODES, {"rows": batch})
        write(_HASH, {"rows": [{"uri": uri, "hash": None} for uri in batch]})


def _mark(write: Write, hashes: Iterable[tuple[str, str]]) -> None:
    for batch in batches(hashes):
        write(_HASH, {"rows": [{"uri": uri, "hash": value} for uri, value in batch]})


def ask(write: Write, statement: str, uris: Iterable[str]) -> Iterator[Row]:
    """Rows of a statement about many nodes."""
    for batch in batches(uris):
        yield from write(statement, {"rows": batch})


def _grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> Iterable[tuple[Key, list[Item]]]:
    groups: dict[Key, list[Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups.items()


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Lists of at most `BATCH` items."""
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch
