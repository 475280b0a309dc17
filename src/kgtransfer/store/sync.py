"""Keeping a property graph in step with a knowledge graph, by Cypher that every engine speaks.

Every node that a sync made carries `_hash`, the digest of all that was written for it. A node
about to change first gets an empty `_hash`, and its real one only when everything is written:
whatever was interrupted is found by the next sync, compared with what the store really holds,
and completed. Nodes without `_hash` belong to somebody else.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.store.base import Params, Row, SyncReport
from kgtransfer.store.mapping import EXACT, GRAPH_CONFIG, Edge, Resource, resources, triples
from kgtransfer.store.names import Names
from kgtransfer.store.security import quoted

__all__ = ["read_back", "synchronise"]

Write: TypeAlias = Callable[[str, Params], list[Row]]
Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)

BATCH = 10_000
CONSTRAINT = (
    "CREATE CONSTRAINT n10s_unique_uri IF NOT EXISTS FOR (r:Resource) REQUIRE r.uri IS UNIQUE"
)
_PREFIXES = "MATCH (p:_NsPrefDef) RETURN properties(p) AS stored"
_CONFIG = "MATCH (c:_GraphConfig) RETURN c._multivalPropList AS iris"
_OURS = "MATCH (n:Resource) WHERE n._hash IS NOT NULL RETURN n.uri AS uri, n._hash AS hash"
_THEIRS = "MATCH (n:Resource) WHERE n._hash IS NULL RETURN n.uri AS uri"
_HASH = "UNWIND $rows AS row MATCH (n:Resource {uri: row.uri}) SET n._hash = row.hash"
_NODES = (
    "UNWIND $rows AS row MATCH (n:Resource {uri: row}) "
    "RETURN n.uri AS uri, labels(n) AS labels, properties(n) AS properties"
)
_OUT = (
    "UNWIND $rows AS row MATCH (n:Resource {uri: row})-[r]->(m:Resource) "
    "RETURN n.uri AS uri, type(r) AS type, m.uri AS target, r.derived AS derived"
)
_PROPERTIES = "UNWIND $rows AS row MATCH (n:Resource {uri: row.uri}) SET n += row.properties"
_ENDS = "UNWIND $rows AS row MATCH (s:Resource {uri: row.s}) MATCH (o:Resource {uri: row.o}) "
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


def synchronise(write: Write, graph: KnowledgeGraph) -> tuple[SyncReport, list[str]]:
    """Make the store behind `write` hold exactly `graph`, writing only what differs.

    Returns:
        What was done, and the uris of the nodes that left.
    """
    start = time.perf_counter()
    write(CONSTRAINT, {})
    stored, multivalued = _vocabulary(write)
    names = Names(stored, graph.prefixes)
    arrays = frozenset(names.short(iri) for iri in multivalued or ())
    wanted, arrays = resources(graph, names, arrays)
    if (names.table, _iris(names, arrays)) != (stored, multivalued):
        _write_vocabulary(write, names, arrays)

    present = {row["uri"]: row["hash"] for row in write(_OURS, {})}
    theirs = {row["uri"] for row in write(_THEIRS, {})}
    gone = sorted(present.keys() - wanted.keys())
    fresh = [r for uri, r in wanted.items() if uri not in present and uri not in theirs]
    adopted = [r for uri, r in wanted.items() if uri in theirs]
    stale = [r for uri, r in wanted.items() if present.get(uri, r.digest) != r.digest] + adopted

    for batch in _batches(r.uri for r in adopted):
        write(_ADOPT, {"rows": batch})
    _mark(write, ((uri, "") for uri in (*gone, *(r.uri for r in stale))))
    _create_nodes(write, fresh)
    added, removed = _settle(write, stale, gone, names)
    added.extend((r.uri, edge) for r in fresh for edge in r.edges)
    _delete_edges(write, removed)
    _create_edges(write, added)
    _remove_nodes(write, gone)
    _mark(write, ((r.uri, r.digest) for r in (*fresh, *stale)))

    total = sum(len(resource.edges) for resource in wanted.values())
    report = SyncReport(
        nodes_added=len(fresh) + len(adopted),
        nodes_changed=len(stale) - len(adopted),
        nodes_removed=len(gone),
        nodes_unchanged=len(wanted) - len(fresh) - len(stale),
        edges_added=len(added),
        edges_removed=len(removed),
        edges_unchanged=total - len(added),
        seconds=time.perf_counter() - start,
    )
    return report, gone


def read_back(read: Write) -> KnowledgeGraph:
    """The graph that the store holds, as `synchronise` got it."""
    names = Names(_vocabulary(read)[0], {})
    uris = [row["uri"] for row in read(_OURS, {})]
    nodes = [
        (row["uri"], row["labels"], row["properties"])
        for batch in _batches(uris)
        for row in read(_NODES, {"rows": batch})
    ]
    edges = [
        (row["uri"], row["type"], row["target"])
        for batch in _batches(uris)
        for row in read(_OUT, {"rows": batch})
        if not row["derived"]
    ]
    return KnowledgeGraph(triples(nodes, edges, names), names.table)


def _vocabulary(write: Write) -> tuple[dict[str, str], list[str] | None]:
    """Prefixes and IRIs of array properties as the store keeps them; None where it has none."""
    stored: dict[str, str] = {}
    for row in write(_PREFIXES, {}):
        found = row["stored"].items()
        stored |= {p: space for p, space in found if isinstance(space, str) and ":" in space}
    lists: list[list[str]] = [row["iris"] or [] for row in write(_CONFIG, {})]
    return stored, sorted({iri for iris in lists for iri in iris}) if lists else None


def _write_vocabulary(write: Write, names: Names, arrays: frozenset[str]) -> None:
    write("MERGE (p:_NsPrefDef) SET p += $table", {"table": names.table})
    config = {**GRAPH_CONFIG, "_multivalPropList": _iris(names, arrays)}
    write("MERGE (c:_GraphConfig) SET c += $config", {"config": config})


def _iris(names: Names, shorts: Iterable[str]) -> list[str]:
    return sorted(iri for short in shorts if (iri := names.full(short)) is not None)


def _settle(
    write: Write, stale: Sequence[Resource], gone: Sequence[str], names: Names
) -> tuple[list[tuple[str, Edge]], list[tuple[str, Edge]]]:
    """Bring labels and properties of known nodes in order.

    Returns:
        The relationships that they still lack, and those that they have too many.
    """
    empty = {uri: Resource(uri, (), {}, (), "") for uri in gone}
    wanted = {r.uri: r for r in stale} | empty
    rows: list[Row] = []
    labels: dict[str, list[str]] = defaultdict(list)
    for found in _ask(write, _NODES, wanted):
        target = wanted[found["uri"]]
        rows.append({"uri": target.uri, "properties": _patch(found["properties"], target, names)})
        has = {label for label in found["labels"] if names.full(label) is not None}
        for label in has - set(target.labels):
            labels[f"REMOVE n:{quoted(label)}"].append(target.uri)
        for label in set(target.labels) - has:
            labels[f"SET n:{quoted(label)}"].append(target.uri)
    for batch in _batches([row for row in rows if row["properties"]]):
        write(_PROPERTIES, {"rows": batch})
    for clause, uris in sorted(labels.items()):
        for some in _batches(uris):
            write(f"UNWIND $rows AS row MATCH (n:Resource {{uri: row}}) {clause}", {"rows": some})

    have = {
        (row["uri"], (row["type"], row["target"], bool(row["derived"])))
        for row in _ask(write, _OUT, wanted)
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
        for batch in _batches(group):
            rows = [{"uri": r.uri, "_hash": "", **r.properties} for r in batch]
            write(f"UNWIND $rows AS row CREATE (n:Resource{clause}) SET n = row", {"rows": rows})


def _create_edges(write: Write, edges: Iterable[tuple[str, Edge]]) -> None:
    for (kind, derived), group in _grouped(edges, lambda link: (link[1][0], link[1][2])):
        about = _DERIVED if derived else ""
        statement = f"{_ENDS}CREATE (s)-[:{quoted(kind)}{about}]->(o)"
        for batch in _batches(group):
            write(statement, {"rows": [{"s": uri, "o": target} for uri, (_, target, _) in batch]})


def _delete_edges(write: Write, edges: Iterable[tuple[str, Edge]]) -> None:
    for (kind, derived), group in _grouped(edges, lambda link: (link[1][0], link[1][2])):
        statement = _DELETE_EDGES.format(type=quoted(kind), derived=json.dumps(derived))
        for batch in _batches(group):
            write(statement, {"rows": [{"s": uri, "o": target} for uri, (_, target, _) in batch]})


def _remove_nodes(write: Write, gone: Sequence[str]) -> None:
    """Delete nodes; one that others made or point to stays, without what the sync wrote."""
    for batch in _batches(gone):
        write(_DELETE_NODES, {"rows": batch})
        write(_HASH, {"rows": [{"uri": uri, "hash": None} for uri in batch]})


def _mark(write: Write, hashes: Iterable[tuple[str, str]]) -> None:
    for batch in _batches(hashes):
        write(_HASH, {"rows": [{"uri": uri, "hash": value} for uri, value in batch]})


def _ask(write: Write, statement: str, uris: Iterable[str]) -> Iterator[Row]:
    for batch in _batches(uris):
        yield from write(statement, {"rows": batch})


def _grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> Iterable[tuple[Key, list[Item]]]:
    groups: dict[Key, list[Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups.items()


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch
