"""Graph stores: load, a two-hop query and a re-sync after one edit, beside the engine's own API.

    python benchmarks/stores.py [--nodes 100000] [--edges 500000] [--engine kglite]

`raw` is the least that one could write by hand: the same nodes with their labels and properties
(ours have a `_hash` more), as many relationships, the same unique constraint, in batches of the
same size by the quickest statements we know; kglite in its own process, or the driver's session.
What to write is drawn before the clock starts, for both. Wall and CPU seconds (client and
engine) are given, because a busy machine stretches the first.

Server engines: start an empty one, then `--engine bolt://127.0.0.1:PORT --name NAME --pid PID`,
with NEO4J_USERNAME, NEO4J_PASSWORD and NEO4J_DATABASE as it wants them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

import kgtransfer as kgt
from kgtransfer.store.embedded.store import EmbeddedStore

if TYPE_CHECKING:
    from kgtransfer.store import GraphStore

HERE = Path(__file__).parent
BATCH = 10_000
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
TWO_HOPS = "MATCH (a:Resource {uri: $uri})-->()-->(c) RETURN count(DISTINCT c) AS n"


def graph(nodes: int, edges: int, edited: int | None = None) -> kgt.KnowledgeGraph:
    """A random graph: 10 classes, 20 relations, a label each; one of them edited."""
    draw = random.Random(0)
    named = [ox.NamedNode(f"http://example.org/n{i}") for i in range(nodes)]
    relations = [ox.NamedNode(f"http://example.org/r{i}") for i in range(20)]
    found = []
    for i, node in enumerate(named):
        text = f"node {i}{' edited' * (i == edited)}"
        found.append(ox.Triple(node, LABEL, ox.Literal(text, language="en")))
        found.append(ox.Triple(node, TYPE, ox.NamedNode(f"http://example.org/C{i % 10}")))
    found += [
        ox.Triple(draw.choice(named), draw.choice(relations), draw.choice(named))
        for _ in range(edges)
    ]
    return kgt.KnowledgeGraph(found)


def timed(work: Callable[[], Any], engine_cpu: Callable[[], float]) -> dict[str, float]:
    """Wall and CPU seconds of one call; the engine's CPU time is part of the latter."""
    wall, cpu = time.perf_counter(), time.process_time() + engine_cpu()
    work()
    spent = time.process_time() + engine_cpu() - cpu
    return {"wall": round(time.perf_counter() - wall, 4), "cpu": round(spent, 3)}


def latencies(nodes: int, *asks: Callable[[str], Any], times: int = 300) -> list[float]:
    """Median milliseconds of two-hop queries, asked by each in turn, of other nodes each time."""
    spent: list[list[float]] = [[] for _ in asks]
    for i in range(times * len(asks)):
        start = time.perf_counter()
        asks[i % len(asks)](f"http://example.org/n{i * 7919 % nodes}")
        spent[i % len(asks)].append(time.perf_counter() - start)
    return [round(sorted(found)[times // 2] * 1000, 4) for found in spent]


def ours(store: GraphStore, nodes: int, edges: int, cpu: Callable[[], float]) -> dict[str, Any]:
    """Load, re-sync after one edit, re-sync of the same."""
    first, second = graph(nodes, edges), graph(nodes, edges, edited=nodes // 2)
    result: dict[str, Any] = {"load": timed(lambda: store.sync(first), cpu)}
    result["resync_one_edit"] = timed(lambda: store.sync(second), cpu)
    result["resync_no_edit"] = timed(lambda: store.sync(second), cpu)
    result["resync_share_of_load"] = {
        kind: round(result["resync_one_edit"][kind] / result["load"][kind], 4)
        for kind in ("wall", "cpu")
    }
    return result


def batches(rows: dict[Any, list[Any]]) -> list[tuple[Any, list[Any]]]:
    """The rows of each group in batches."""
    return [(k, v[i : i + BATCH]) for k, v in rows.items() for i in range(0, len(v), BATCH)]


def drawn(nodes: int, edges: int) -> list[tuple[int, int, int]]:
    """As many random relationships as `graph` draws: source, type, target."""
    draw = random.Random(0)
    return [
        (draw.randrange(nodes), draw.randrange(20), draw.randrange(nodes)) for _ in range(edges)
    ]


def raw_load(
    execute: Callable[[str, dict[str, Any]], Any], nodes: int, links: list[tuple[int, int, int]]
) -> None:
    """The same nodes and relationships, by the statements that one would write by hand."""
    execute("CREATE CONSTRAINT raw_uri IF NOT EXISTS FOR (r:Resource) REQUIRE r.uri IS UNIQUE", {})
    kinds: dict[int, list[Any]] = {}
    for i in range(nodes):
        row = {"uri": f"http://example.org/n{i}", "label": f"node {i}@en"}
        kinds.setdefault(i % 10, []).append(row)
    for kind, rows in batches(kinds):
        node = f"(n:Resource:C{kind} {{uri: row.uri, label: row.label}})"
        execute(f"UNWIND $rows AS row CREATE {node}", {"rows": rows})
    types: dict[int, list[Any]] = {}
    for s, r, o in links:
        row = {"s": f"http://example.org/n{s}", "o": f"http://example.org/n{o}"}
        types.setdefault(r, []).append(row)
    ends = "UNWIND $rows AS row MATCH (s:Resource {uri: row.s}), (o:Resource {uri: row.o}) "
    for kind, rows in batches(types):
        execute(f"{ends}CREATE (s)-[:R{kind}]->(o)", {"rows": rows})


def kglite_raw(nodes: int, edges: int) -> dict[str, Any]:
    """kglite itself; in a process without torch."""
    import kglite

    links = drawn(nodes, edges)
    with tempfile.TemporaryDirectory() as folder:
        session = kglite.open_session(f"{folder}/raw.kglite", durable="full")
        load = timed(
            lambda: raw_load(lambda c, p: session.execute(c, params=p), nodes, links), lambda: 0.0
        )
        (hops,) = latencies(
            nodes, lambda uri: session.cypher(TWO_HOPS, params={"uri": uri}).to_list()
        )
        session.close()
    return {"load": load, "two_hops_ms": hops}


def kglite(nodes: int, edges: int) -> dict[str, Any]:
    """The embedded store, and the engine alone."""
    command = [sys.executable, __file__, "--raw", f"--nodes={nodes}", f"--edges={edges}"]
    raw = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedStore(Path(folder) / "store.kglite", idle=1.0) as store,
    ):
        result = ours(store, nodes, edges, lambda: process_cpu(store.engine_pid or 0))
        (hops,) = latencies(nodes, lambda uri: store.run(TWO_HOPS, {"uri": uri}))
        closing = timed(store.close, lambda: 0.0)
    return {**result, "two_hops_ms": hops, "close": closing, "raw": raw}


def server(store: GraphStore, nodes: int, edges: int, pid: int) -> dict[str, Any]:
    """A store on a server, and the driver alone."""

    def cpu() -> float:
        return process_cpu(pid) if pid else 0.0

    def execute(cypher: str, params: dict[str, Any]) -> None:
        with driver.session(database=database) as session:
            session.execute_write(lambda tx: tx.run(cypher, params).consume())

    def ask(uri: str) -> None:
        with driver.session(database=database) as session:
            session.execute_read(lambda tx: tx.run(TWO_HOPS, uri=uri).data())

    def both(nodes: int, edges: int) -> dict[str, Any]:
        links = drawn(nodes, edges)
        raw: dict[str, Any] = {"load": timed(lambda: raw_load(execute, nodes, links), cpu)}
        clear(store)
        result = ours(store, nodes, edges, cpu)
        asks = (lambda uri: store.run(TWO_HOPS, {"uri": uri}), ask)
        result["two_hops_ms"], raw["two_hops_ms"] = latencies(nodes, *asks)
        return {**result, "raw": raw}

    driver, database = store._driver, store._database  # type: ignore[attr-defined]
    both(nodes // 10, edges // 10)  # warms a virtual machine up, for both sides
    clear(store)
    return both(nodes, edges)


def clear(store: GraphStore) -> None:
    """Empty a store, in steps that fit a small heap."""
    some = "MATCH (n) WITH n LIMIT 5000 DETACH DELETE n RETURN count(*) AS n"
    while store.run(some, read=False, timeout=300)[0]["n"]:
        pass
    for name in ("raw_uri", "n10s_unique_uri"):
        store.run(f"DROP CONSTRAINT {name} IF EXISTS", read=False)


def process_cpu(pid: int) -> float:
    """CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=100_000)
    parser.add_argument("--edges", type=int, default=500_000)
    parser.add_argument("--engine", default="kglite", help="kglite, or the address of a server")
    parser.add_argument("--name", default="neo4j", help="what the server is called in the results")
    parser.add_argument("--pid", type=int, default=0, help="the server's process, for its CPU time")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "stores.json")
    parser.add_argument("--raw", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.raw:
        print(json.dumps(kglite_raw(args.nodes, args.edges)))
        return
    if args.engine == "kglite":
        name, result = "kglite", kglite(args.nodes, args.edges)
    else:
        with kgt.connect(args.engine) as store:
            if store.run("MATCH (n) RETURN count(n) AS n") != [{"n": 0}]:
                sys.exit("the database is not empty")
            name, result = args.name, server(store, args.nodes, args.edges, args.pid)
    result |= {
        "nodes": args.nodes,
        "edges": args.edges,
        "load_over_raw": {
            kind: round(result["load"][kind] / result["raw"]["load"][kind], 2)
            for kind in ("wall", "cpu")
        },
        "command": " ".join(["python benchmarks/stores.py", *sys.argv[1:]]),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
    }
    known = json.loads(args.out.read_text()) if args.out.exists() else {}
    args.out.write_text(json.dumps({**known, name: result}, indent=1) + "\n")
    print(json.dumps({name: result}, indent=1))


if __name__ == "__main__":
    main()
