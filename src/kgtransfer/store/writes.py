"""Bringing nodes and their relationships in order, by Cypher that every engine speaks.

Every node that a sync made carries `_hash`, the digest of all that was written for it, or shall
be: it is true as long as the store holds a sync's token, see `sync`. Nodes without `_hash` belong
to somebody else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from kgtransfer.store.mapping import EXACT, Edge, Resource
from kgtransfer.store.security import quoted
from kgtransfer.store.write_ahead import Later, Write, ahead

if TYPE_CHECKING:
    from kgtransfer.store.base import Row
    from kgtransfer.store.names import Names

__all__ = [
    "NODES",
    "OUT",
    "Done",
    "Link",
    "WritePlan",
    "ask",
    "batches",
    "carry_out",
    "remove_nodes",
]

Link: TypeAlias = tuple[str, Edge]  # source and what it points to
Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)

BATCH = 10_000
HASH = "_hash"
NODES = (
    "UNWIND $rows AS row MATCH (n:Resource {uri: row}) "
    "RETURN n.uri AS uri, labels(n) AS labels, properties(n) AS properties"
)
OUT = (
    "UNWIND $rows AS row MATCH (n:Resource {uri: row})-[r]->(m:Resource) "
    "RETURN n.uri AS uri, type(r) AS type, m.uri AS target, r.derived AS derived"
)
_DISOWN = "UNWIND $rows AS row MATCH (n:Resource {uri: row}) SET n._hash = null"
_PROPERTIES = "UNWIND $rows AS row MATCH (n:Resource {uri: row.uri}) SET n += row.properties"
_ENDS = "UNWIND $rows AS row MATCH (s:Resource {uri: row[0]}), (o:Resource {uri: row[1]}) "
_DERIVED = " {quantifier: 'some', derived: true}"
# The type is a value here: in a pattern, kglite misreads one that has `:` or `$` in it.
_DELETE_EDGES = (
    "UNWIND $rows AS row MATCH (s:Resource {uri: row[0]})-[r]->(o:Resource {uri: row[1]}) "
    "WHERE type(r) = row[2] AND coalesce(r.derived, false) = row[3] DELETE r"
)
_DELETE_NODES = (
    "UNWIND $rows AS row MATCH (n:Resource {uri: row}) "
    "WHERE NOT (n)--() AND n._adopted IS NULL DELETE n"
)
_ADOPT = "UNWIND $rows AS row MATCH (n:Resource {uri: row}) SET n._adopted = true"


@dataclass(frozen=True, slots=True)
class WritePlan:
    """The nodes to write: new ones, those that others made, our own that changed, and leavers."""

    fresh: Sequence[Resource]
    adopted: Sequence[Resource]
    stale: Sequence[Resource]
    gone: Sequence[str]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.fresh or self.adopted or self.stale or self.gone)


@dataclass(frozen=True, slots=True)
class Done:
    """What was written: the number of new links, those removed, the known nodes that differed."""

    added: int
    removed: Sequence[Link]
    touched: Collection[str]


def carry_out(write: Write, plan: WritePlan, names: Names) -> Done:
    """Write all that a plan says."""
    changed = [*plan.stale, *plan.adopted]
    for batch in batches(r.uri for r in plan.adopted):
        write(_ADOPT, {"rows": batch})
    with ahead(write) as later:
        _create_nodes(later, plan.fresh)
        link_count = _create_edges(later, ((r.uri, edge) for r in plan.fresh for edge in r.edges))
    touched = _settle(write, changed, plan.gone, names)
    added, removed = _unsettled(write, changed, plan.gone, names)
    touched.update(uri for uri, _ in (*added, *removed))
    with ahead(write) as later:
        _delete_edges(later, removed)
        link_count += _create_edges(later, added)
    remove_nodes(write, plan.gone)
    return Done(link_count, removed, touched)


def _settle(write: Write, stale: Sequence[Resource], gone: Sequence[str], names: Names) -> set[str]:
    """Bring labels and properties of known nodes in order; returns the nodes that differed."""
    leavers = {uri: Resource(uri) for uri in gone}
    resources = {r.uri: r for r in stale} | leavers
    rows: list[Row] = []
    labels: dict[str, list[str]] = defaultdict(list)
    for row in ask(write, NODES, resources):
        target = resources[row["uri"]]
        properties = {} if target.uri in leavers else {**target.properties, HASH: target.digest}
        patch = _patch(row["properties"], properties, names)
        rows.append({"uri": target.uri, "properties": patch})
        stored_labels = {label for label in row["labels"] if names.full(label) is not None}
        for label in stored_labels - set(target.labels):
            labels[f"REMOVE n:{quoted(label)}"].append(target.uri)
        for label in set(target.labels) - stored_labels:
            labels[f"SET n:{quoted(label)}"].append(target.uri)
    rows = [row for row in rows if row["properties"]]
    for batch in batches(rows):
        write(_PROPERTIES, {"rows": batch})
    for clause, uris in sorted(labels.items()):
        statement = f"UNWIND $rows AS row MATCH (n:Resource {{uri: row}}) {clause}"
        for uri_batch in batches(uris):
            write(statement, {"rows": uri_batch})
    return {row["uri"] for row in rows}.union(*labels.values())


def _unsettled(
    write: Write, stale: Sequence[Resource], gone: Sequence[str], names: Names
) -> tuple[list[Link], list[Link]]:
    """The relationships that known nodes lack, and those that they have too many.

    One that is there twice is both: all of its kind go, and one comes back.
    """
    stored = Counter(
        (row["uri"], (row["type"], row["target"], bool(row["derived"])))
        for row in ask(write, OUT, [*(r.uri for r in stale), *gone])
        if names.full(row["type"]) is not None
    )
    wanted = {(resource.uri, edge) for resource in stale for edge in resource.edges}
    twice = {link for link, times in stored.items() if times > 1 and link in wanted}
    return sorted((wanted - stored.keys()) | twice), sorted((stored.keys() - wanted) | twice)


def _patch(stored: Mapping[str, Any], wanted: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """What to set on a node, null for what to remove; other people's properties stay."""
    own_keys = {key for key in stored if key == EXACT or names.full(key) is not None}
    changed = {key: v for key, v in wanted.items() if not _same(stored.get(key), v)}
    return {**dict.fromkeys(own_keys - wanted.keys()), **changed}


def _same(left: object, right: object) -> bool:
    """Equal and of the same type: 1, 1.0 and True are three things in RDF."""
    return repr(left) == repr(right)


def _create_nodes(later: Later, fresh: Iterable[Resource]) -> None:
    stored_names: set[str] = set()
    for labels, group in _grouped(fresh, lambda r: tuple(r.labels)):
        for batch in batches(group):
            first, rest = _pioneers(batch, stored_names)
            maps = [{"uri": r.uri, HASH: r.digest, **r.properties} for r in first]
            if first:
                later(f"{_new(labels)}) SET n = row", {"rows": maps})
            keys = sorted(set().union(*(r.properties for r in rest)))
            items = [f"{quoted(key)}: row[{i}]" for i, key in enumerate(("uri", HASH, *keys))]
            rows = [[r.uri, r.digest, *map(r.properties.get, keys)] for r in rest]
            if rest:
                later(f"{_new(labels)} {{{', '.join(items)}}})", {"rows": rows})  # null: none


def _pioneers(
    batch: Iterable[Resource], stored_names: set[str]
) -> tuple[list[Resource], list[Resource]]:
    """Apart from the rest: a few resources with all the properties that are not `known` yet.

    A map spelled out in CREATE takes half the time of `SET n = row`, but kglite refuses one with
    a property that no node ever had.
    """
    first: list[Resource] = []
    rest: list[Resource] = []
    for resource in batch:
        if stored_names and resource.properties.keys() <= stored_names:
            rest.append(resource)
        else:
            first.append(resource)
            stored_names.update((HASH, *resource.properties))
    return first, rest


def _new(labels: Sequence[str]) -> str:
    return "UNWIND $rows AS row CREATE (n:Resource" + "".join(f":{quoted(name)}" for name in labels)


def _create_edges(later: Later, links: Iterable[Link]) -> int:
    """Returns how many."""
    ends: dict[tuple[str, bool], list[tuple[str, str]]] = defaultdict(list)
    for uri, (kind, target, derived) in links:
        ends[kind, derived].append((uri, target))
    for (kind, derived), pairs in ends.items():
        about = _DERIVED if derived else ""
        statement = f"{_ENDS}CREATE (s)-[:{quoted(kind)}{about}]->(o)"
        for batch in batches(pairs):
            later(statement, {"rows": batch})
    return sum(map(len, ends.values()))


def _delete_edges(later: Later, edges: Iterable[Link]) -> None:
    for batch in batches(edges):
        rows = [(uri, target, kind, derived) for uri, (kind, target, derived) in batch]
        later(_DELETE_EDGES, {"rows": rows})


def remove_nodes(write: Write, gone: Sequence[str]) -> None:
    """Delete nodes; one that others made or point to stays, without what the sync wrote."""
    for batch in batches(gone):
        write(_DELETE_NODES, {"rows": batch})
        write(_DISOWN, {"rows": batch})


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
