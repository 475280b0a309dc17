"""What a query may not do on any engine: run for ever, answer without end, write, reach out."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from fuzzing.read_gate import CANARY, Listener, misdeed, spellings
from fuzzing.read_gate import COUNT as STATE
from kgtransfer.errors import QueryRefused, StoreError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.store import GraphStore

Read = Callable[[str], KnowledgeGraph]
EX = "http://example.org/cell#"
COUNT = "MATCH (n) RETURN count(n) AS n"
# What takes each engine some seconds. ArcadeDB goes on with it after its client has left, and later
# tests wait for it: no more than outlasts 1.4 s on a quick machine.
SIZES = {"kglite": 4000, "arcadedb": 1800, "neo4j": 10000}
PAIRS = "UNWIND range(1, $n) AS a UNWIND range(1, $n) AS b WITH a, b WHERE a * b % 7 = 8 "
SLOW = PAIRS + "RETURN count(*) AS n"
SLOW_WRITE = PAIRS + "WITH count(*) AS n CREATE (:Late {n: n})"


@pytest.fixture
def size(engine: str) -> dict[str, int]:
    """The parameter that makes a query slow."""
    return {"n": SIZES[engine]}


def outlast(run: Callable[[], object]) -> float:
    """Seconds after which a statement with a time-out of 0.4 s is given up."""
    start = time.monotonic()
    with pytest.raises(StoreError, match=r"timed out: the statement took longer than 0\.4 s") as e:
        run()
    assert e.value.cure == "narrow the query or allow it more time"
    return time.monotonic() - start


def test_a_query_that_runs_too_long_is_ended(
    store: GraphStore, read: Read, size: dict[str, int]
) -> None:
    store.sync(read("ex:A ex:p 1 ."))
    assert outlast(lambda: store.run(SLOW, size, timeout=0.4)) < 20
    assert store.run("RETURN 1 AS one") == [{"one": 1}]
    assert not store.sync(read("ex:A ex:p 1 .")).changed


def test_a_write_that_runs_too_long_leaves_nothing(store: GraphStore, size: dict[str, int]) -> None:
    assert outlast(lambda: store.run(SLOW_WRITE, size, read=False, timeout=0.4)) < 20
    writes: list[Any] = [("CREATE (:Early)", {}), (SLOW_WRITE, size)]
    assert outlast(lambda: store.transact(writes, timeout=0.4)) < 20
    assert store.run(COUNT) == [{"n": 0}]


def test_a_query_that_is_ended_ends_no_other(
    engine: str, store: GraphStore, open_store: Callable[[], GraphStore], size: dict[str, int]
) -> None:
    if engine == "arcadedb":
        pytest.skip("it runs cut queries on, and all others queue behind four of them")
    failed = []

    def ask() -> None:
        try:
            outlast(lambda: other.run(SLOW, size, timeout=0.4))
        except BaseException as error:
            failed.append(error)

    with open_store() as other:
        asking = threading.Thread(target=ask)
        asking.start()
        for i in range(20):
            store.run("CREATE (:Mine {i: $i})", {"i": i}, read=False)
        asking.join()
    assert not failed
    assert store.run("MATCH (m:Mine) RETURN count(m) AS n") == [{"n": 20}]


def test_row_cap(store: GraphStore) -> None:
    rows = "UNWIND range(1, 1000) AS x RETURN x"
    with pytest.raises(StoreError, match="RowCap") as caught:
        store.run(rows, max_rows=999)
    assert caught.value.cure == "add LIMIT, aggregate, or allow more with --max-rows (max_rows)"
    assert len(store.run(rows, max_rows=1000)) == 1000


@pytest.mark.parametrize(
    "cypher",
    [
        "CREATE (:A)",
        "MATCH (n:Keep) DETACH DELETE n",
        "MATCH (n:Keep) SET n.x = 2",
        "MERGE (:A)",
        "MATCH (n:Keep) CALL (n) { SET n.x = 2 } RETURN n",
        "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
        "CALL apoc.load.json('file:///etc/passwd')",
        "CALL `apoc`.`cypher`.`doIt`('CREATE (:A)', {}) YIELD value RETURN value",
        "CALL dbms.listConfig()",
        "CALL db.createLabel('A')",
        "RETURN apoc.version()",
        "MATCH (n) RETURN n; CREATE (:A)",
        "MATCH (n) /*/ */ SET n.x = 2",
        "SHOW USERS",
    ],
)
def test_the_read_gate(smear: GraphStore, cypher: str) -> None:
    before = smear.run(COUNT)
    with pytest.raises(QueryRefused):
        smear.run(cypher)
    if cypher.startswith("LOAD"):
        with pytest.raises(QueryRefused):
            smear.run(cypher, read=False)
        with pytest.raises(QueryRefused):
            smear.transact([(cypher, {})])
    assert smear.run(COUNT) == before


@pytest.mark.slow
def test_no_spelling_gets_past_the_gate(store: GraphStore, tmp_path: Path) -> None:
    """Each engine cuts text into words in its own way; what passes the gate harms on none."""
    file = tmp_path / "canary.csv"  # beside the embedded store, where its engine could read it
    file.write_text(f"{CANARY}\n")
    store.run("CREATE (:Keep {x: 1})", read=False)
    before, passed = store.run(STATE), 0
    with contextlib.closing(Listener()) as listener:
        for text in spellings(file, listener.url, 2500):
            for read in (True, False) if "LOAD" in text.upper() else (True,):
                rows: list[dict[str, Any]] = []
                try:
                    rows = store.run(text, {"1": 1}, read=read, timeout=5.0)
                except QueryRefused:
                    continue
                except StoreError:
                    passed += 1
                done = misdeed(rows, before, store.run(STATE), heard=listener.heard())
                assert not done, text
    assert passed > 20  # the engine was asked, and had its own objections


# Names as an attacker's ontology may have them: each becomes a label, a type and a property.
NAMES = [
    "a`b",
    "x`) DETACH DELETE (n",
    "x`}) MATCH (n) DETACH DELETE n //",
    "x\\u0060) DETACH DELETE n //",
    "x:Admin",
    "x) SET n.owned = 1 WITH n MATCH (m",
    "x' OR 1=1 //",
    "$rows",
    "x{owned: 1}",
    "x|y",
    "x*1..9",
    "a-b.c/d;e",
    "Größe-✓",
    "CREATE",
    "0",
    "_hash",
    "uri",
    "x" * 300,
]


@pytest.mark.parametrize("name", NAMES)
def test_names_that_try_to_be_code(store: GraphStore, read: Read, name: str) -> None:
    """Whatever a name says, it is one name, or refused."""
    store.run("CREATE (:Keep {x: 1})", read=False)
    iri, link, subject, target = (f"<{EX}{local}>" for local in (name, f"{name}.r", "A", "B"))
    typed = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    value = ox.Literal("x`) DETACH DELETE (n) //'\"\\")
    text = (
        f"{subject} {typed} {iri} .\n{subject} {link} {target} .\n"
        f"{target} {link[:-1]}q> {value} .\n{iri} {typed} {target} ."
    )
    facts = ox.parse(text.encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    graph = KnowledgeGraph((quad.triple for quad in facts), {"ex": EX})
    try:
        store.sync(graph)
    except StoreError as error:
        # Refused by the gate, or by an engine that knows no such name: ArcadeDB.
        if not re.search("cannot be a label or relationship type|SemanticError", error.message):
            raise
    else:
        assert store.export() == graph
        assert store.run("MATCH (n:Resource) RETURN count(n) AS n") == [{"n": 3}]
        labels = store.run("MATCH (n:Resource {uri: $a}) RETURN labels(n) AS l", {"a": EX + "A"})
        assert len(labels[0]["l"]) == 2
    assert store.run("MATCH (n:Keep) RETURN n.x AS x") == [{"x": 1}]
    assert store.run("MATCH (n) WHERE n.owned IS NOT NULL RETURN n") == []
    store.sync(read("ex:A ex:p ex:B ."))
    assert store.export() == read("ex:A ex:p ex:B .")


@pytest.mark.parametrize("prefix", ["x`) DELETE (n", "a b", "CREATE", "x__y", "$p", "_hash", "uri"])
def test_prefixes_that_try_to_be_code(store: GraphStore, prefix: str) -> None:
    """A file chooses its prefixes, and with them how names begin."""
    store.run("CREATE (:Keep {x: 1})", read=False)
    subject, target = ox.NamedNode(EX + "A"), ox.NamedNode(EX + "B")
    facts = [
        ox.Triple(subject, ox.NamedNode(EX + "p"), target),
        ox.Triple(subject, ox.NamedNode(EX + "q"), ox.Literal("v")),
    ]
    graph = KnowledgeGraph(facts, {prefix: EX})
    store.sync(graph)
    assert store.export() == graph
    assert store.run("MATCH (n:Keep) RETURN n.x AS x") == [{"x": 1}]


@pytest.mark.parametrize(
    "text", ["x' OR 1=1 //", "x`", "\\", "$uri", "}) DETACH DELETE (n", "\u2028"]
)
def test_values_stay_values(smear: GraphStore, text: str) -> None:
    before = smear.run(COUNT)
    assert smear.run("RETURN $text AS text", {"text": text}) == [{"text": text}]
    assert smear.run("MATCH (n:Resource) WHERE n.uri = $t RETURN n", {"t": text}) == []
    assert smear.run(COUNT) == before
