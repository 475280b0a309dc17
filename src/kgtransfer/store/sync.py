"""Keeping a property graph in step with a knowledge graph, writing only what differs.

A sync compares the whole graph with the whole store, node by node. One that finds a `Record` of
the last sync, whose token the store still holds, looks at the concepts with changed facts only.

A sync takes the token away before it writes and leaves a new one when everything is written. One
that finds none, because another was interrupted, trusts no node's `_hash`: it compares all nodes
with what the store really holds, and completes them. So does one that is told to verify, and
the next one after `distrust`.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.store.base import SyncReport
from kgtransfer.store.mapping import (
    Resource,
    resources,
    term_of,
    triples,
    uri_of,
)
from kgtransfer.store.names import Names, stored_prefixes
from kgtransfer.store.neosemantics import GRAPH_CONFIG, configs, require_own, require_shortened
from kgtransfer.store.record import Record
from kgtransfer.store.security import only_reads
from kgtransfer.store.triple_text import about, changed_subjects
from kgtransfer.store.writes import NODES, OUT, Done, WritePlan, ask, carry_out, remove_nodes
from kgtransfer.utils.gc import gc_suspended

if TYPE_CHECKING:
    from kgtransfer.store.base import GraphStore
    from kgtransfer.store.write_ahead import Write

__all__ = ["Synced", "distrust", "is_half_way", "read_back", "rehearsal", "synchronise"]

Vocabulary: TypeAlias = tuple[dict[str, str], list[str] | None]

FEW = 0.2  # share of the nodes up to which single concepts are looked up
CONSTRAINT = (
    "CREATE CONSTRAINT n10s_unique_uri IF NOT EXISTS FOR (r:Resource) REQUIRE r.uri IS UNIQUE"
)
_OURS = "MATCH (n:Resource) WHERE n._hash IS NOT NULL RETURN n.uri AS uri, n._hash AS hash"
_ALL = "MATCH (n:Resource) WHERE n.uri IS NOT NULL RETURN n.uri AS uri"
_THEIRS = "MATCH (n:Resource) WHERE n._hash IS NULL RETURN n.uri AS uri"
_STATE = "UNWIND $rows AS row MATCH (n:Resource {uri: row}) RETURN n.uri AS uri, n._hash AS hash"
_LINKED = (
    "UNWIND $rows AS row MATCH (n:Resource {uri: row})<-[r]-(m:Resource) "
    "WHERE m._hash IS NOT NULL AND r.derived IS NULL "
    "RETURN n.uri AS uri, type(r) AS type, count(r) AS times"
)
_COUNT = "MATCH (n:Resource) RETURN count(n) AS n"
_TOKEN = "MATCH (s:_Sync) RETURN s.token AS token"
_DISTRUST = "MATCH (s:_Sync) SET s.token = null"
_SET_TOKEN = "MERGE (s:_Sync) SET s.token = $token, s.unfinished = $unfinished"
_UNFINISHED = "MATCH (s:_Sync) RETURN properties(s) AS sync"


class Synced(NamedTuple):
    """What a sync did, the uris of the nodes that left, and the record for the next one."""

    report: SyncReport
    gone: Sequence[str]
    record: Record


def synchronise(
    write: Write,
    graph: KnowledgeGraph,
    recall: Callable[[str], Record | None] = lambda _: None,
    *,
    verify: bool = False,
) -> Synced:
    """Make the store behind `write` hold exactly `graph`, writing only what differs.

    Args:
        write: runs one statement in a transaction of its own.
        graph: what the store shall hold.
        recall: finds the record of an earlier sync by its token, if it is there.
        verify: compare with what the store really holds, whatever an earlier sync left there.
    """
    start = time.perf_counter()
    with gc_suspended():
        tokens = [row["token"] for row in write(_TOKEN, {})]
        token = tokens[0] if len(tokens) == 1 else None
        last = recall(token) if token and not verify else None
        if last is not None and last.resources != _count(write):  # somebody deleted nodes
            last = None
        trusted = bool(token) and not verify
        done = (last and _resync(write, graph, last)) or _sync(write, graph, trusted)
    report = replace(done.report, seconds=time.perf_counter() - start)
    return done._replace(report=report)


def rehearsal(read: Write) -> Write:
    """For `synchronise`: statements that read are run, those that would write are not."""
    return lambda statement, params: read(statement, params) if only_reads(statement) else []


def distrust(store: GraphStore) -> None:
    """Have the next sync verify: somebody is about to write into the store."""
    store.run(_DISTRUST, read=False)


def is_half_way(read: Write) -> bool:
    """Whether a sync of the store behind `read` was cut off, or still runs."""
    return any(row["sync"].get("unfinished") for row in read(_UNFINISHED, {}))


def read_back(read: Write) -> KnowledgeGraph:
    """The graph that the store holds, as `synchronise` got it or as neosemantics loaded it.

    Raises:
        StoreError: neosemantics was told to keep or map IRIs in another way than to shorten them.
    """
    names = Names(_vocabulary(read)[0], {})
    uris = [row["uri"] for row in read(_OURS, {})]
    if not uris and (settings := configs(read)):  # loaded by the plugin: no node has our hash
        require_shortened(settings)
        uris = [row["uri"] for row in read(_ALL, {})]
    nodes = [(row["uri"], row["labels"], row["properties"]) for row in ask(read, NODES, uris)]
    edges = [
        (row["uri"], row["type"], row["target"])
        for row in ask(read, OUT, uris)
        if not row["derived"]
    ]
    return KnowledgeGraph(triples(nodes, edges, names), names.table)


def _sync(write: Write, graph: KnowledgeGraph, finished: bool) -> Synced:
    """Compare everything: by hashes if the last sync was `finished`, else by content."""
    require_own(configs(write))
    write(CONSTRAINT, {})
    vocabulary = _vocabulary(write)
    names = Names(vocabulary[0], graph.prefixes)
    facts = graph.canonical.decode().split("\n")[:-1]
    nodes, arrays = resources(facts, names, _shorts(vocabulary, names), within=graph.canonical)
    present = {row["uri"]: row["hash"] if finished else "" for row in write(_OURS, {})}
    foreign = {row["uri"] for row in write(_THEIRS, {})}
    gone = sorted(present.keys() - nodes.keys())
    plan = _plan(nodes, present, foreign, gone)
    _forget_token(write, plan)
    _write_vocabulary(write, names, arrays, vocabulary)
    done = carry_out(write, plan, names)
    edges = sum(len(resource.edges) for resource in nodes.values())
    report = _report(plan, done, gone, len(nodes), edges)
    return Synced(report, gone, _record(write, graph, len(nodes), edges))


def _resync(write: Write, graph: KnowledgeGraph, last: Record) -> Synced | None:
    """Compare the concepts whose facts changed; None where everything has to be compared."""
    new = graph.canonical
    touched = {term: about(new, term) for term in sorted(changed_subjects(last.facts, new))}
    vocabulary = _vocabulary(write)
    names = Names(vocabulary[0], graph.prefixes)
    arrays = _shorts(vocabulary, names)
    facts = (fact for lines in touched.values() for fact in lines)
    nodes, new_arrays = resources(facts, names, arrays, within=new)
    if len(touched) > FEW * last.nodes or new_arrays != arrays:  # an array is one on every node
        return None
    emptied = [uri_of(term) for term, lines in touched.items() if not lines]
    nodes = {uri: Resource(uri) for uri in emptied} | nodes
    # A target that has facts of its own, none of them new, is there already.
    complete = [uri for uri in nodes if (t := term_of(uri)) not in touched and about(new, t)]
    for uri in complete:
        del nodes[uri]
    hashes = {row["uri"]: row["hash"] for row in ask(write, _STATE, nodes)}
    present = {uri: digest for uri, digest in hashes.items() if digest is not None}
    if any(about(last.facts, term_of(uri)) for uri in nodes.keys() - present.keys()):
        return None  # somebody deleted a node, with its links
    plan = _plan(nodes, present, hashes.keys() - present.keys(), ())
    _forget_token(write, plan)
    _write_vocabulary(write, names, arrays, vocabulary)
    done = carry_out(write, plan, names)

    left = {target for _, (_, target, derived) in done.removed if not derived}
    doubtful = sorted(uri for uri in left.union(emptied) if not about(new, term_of(uri)))
    linked = {row["uri"] for row in ask(write, _LINKED, doubtful) if names.full(row["type"])}
    gone = [uri for uri in doubtful if uri not in linked]
    remove_nodes(write, gone)
    node_count = last.nodes + len(plan.fresh) + len(plan.adopted) - len(gone)
    edge_count = last.edges + done.added - len(done.removed)
    report = _report(plan, done, gone, node_count, edge_count)
    unwritten = plan.empty and not gone
    record = (
        replace(last, facts=new) if unwritten else _record(write, graph, node_count, edge_count)
    )
    return Synced(report, gone, record)


def _plan(
    nodes: Mapping[str, Resource],
    present: Mapping[str, str],
    foreign: Collection[str],
    gone: Sequence[str],
) -> WritePlan:
    # What pointed to a node that somebody deleted lost that link, whatever its hash says.
    absent = nodes.keys() - present.keys() if present else ()
    incomplete = {uri for uri in present if uri in nodes and _points_to(nodes[uri], absent)}
    return WritePlan(
        fresh=[r for uri, r in nodes.items() if uri not in present and uri not in foreign],
        adopted=[r for uri, r in nodes.items() if uri in foreign],
        stale=[
            r
            for uri, r in nodes.items()
            if uri in incomplete or (uri in present and present[uri] != r.digest)
        ],
        gone=gone,
    )


def _points_to(resource: Resource, uris: Collection[str]) -> bool:
    return bool(uris) and any(end in uris for _, end, _ in resource.edges)


def _report(plan: WritePlan, done: Done, gone: Sequence[str], nodes: int, edges: int) -> SyncReport:
    changed = {r.uri for r in plan.stale if r.uri in done.touched}.difference(gone)
    fresh = len(plan.fresh) + len(plan.adopted)
    return SyncReport(
        nodes_added=fresh,
        nodes_changed=len(changed),
        nodes_removed=len(gone),
        nodes_unchanged=nodes - fresh - len(changed),
        edges_added=done.added,
        edges_removed=len(done.removed),
        edges_unchanged=edges - done.added,
    )


def _forget_token(write: Write, plan: WritePlan) -> None:
    """From here on no record and no hash is true, until the sync is through."""
    if not plan.empty:
        write(_SET_TOKEN, {"token": None, "unfinished": True})


def _record(write: Write, graph: KnowledgeGraph, nodes: int, edges: int) -> Record:
    token = uuid.uuid4().hex
    write(_SET_TOKEN, {"token": token, "unfinished": None})
    return Record(token, graph.canonical, nodes, edges, _count(write))


def _count(write: Write) -> int:
    return int(write(_COUNT, {})[0]["n"])


def _vocabulary(write: Write) -> Vocabulary:
    """Prefixes and IRIs of array properties as the store keeps them; None where it has none."""
    stored = stored_prefixes(write)
    lists: list[list[str]] = [config.get("_multivalPropList") or [] for config in configs(write)]
    return stored, sorted({iri for iris in lists for iri in iris}) if lists else None


def _shorts(vocabulary: Vocabulary, names: Names) -> frozenset[str]:
    return frozenset(names.short(iri) for iri in vocabulary[1] or ())


def _write_vocabulary(
    write: Write, names: Names, arrays: frozenset[str], stored: Vocabulary
) -> None:
    iris = sorted(iri for short in arrays if (iri := names.full(short)) is not None)
    if (names.table, iris) == stored:
        return
    write("MERGE (p:_NsPrefDef) SET p += $table", {"table": names.table})
    config = {**GRAPH_CONFIG, "_multivalPropList": iris}
    write("MERGE (c:_GraphConfig) SET c += $config", {"config": config})
