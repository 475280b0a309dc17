"""Two syncs at once: on every engine the second waits, and no killed one locks for ever."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from typing import Any

import pytest

from kgtransfer.errors import StoreError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.store import GraphStore
from kgtransfer.store.bolt.lock import sole

Read = Callable[[str], KnowledgeGraph]
Open = Callable[[], GraphStore]
ENGINES = os.environ.get("KGTRANSFER_ENGINES", "kglite,arcadedb").split(",")
SERVERS = [engine for engine in ENGINES if engine != "kglite"]
ONE = "ex:A ex:p ex:B ; ex:n 1 . ex:B ex:q ex:C ."
TWO = "ex:A ex:p ex:C ; ex:n 2, 3 . ex:D ex:q ex:A ."
LOCK = "CREATE (:_Lock {name: 'sync', owner: 'elsewhere, process 7 (x)', until: timestamp() + $ms})"
STATE = "MATCH (l:_Lock) RETURN count(l) AS n"


class Halting(KnowledgeGraph):
    """A graph whose sync halts in its midst until it is told to go on."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()
        self._graph_prefixes = graph.prefixes
        super().__init__(graph.triples, graph.prefixes)

    @property
    def prefixes(self) -> Mapping[str, str]:  # type: ignore[override]
        self.begun.set()
        assert self.go_on.wait(60)
        return self._graph_prefixes

    @prefixes.setter
    def prefixes(self, _: Mapping[str, str]) -> None:
        pass


def test_the_second_sync_waits_for_the_first(
    store: GraphStore, open_store: Open, read: Read
) -> None:
    first = Halting(read(ONE))
    with open_store() as other, ThreadPoolExecutor() as pool:
        running = pool.submit(store.sync, first)
        assert first.begun.wait(60)
        second = pool.submit(other.sync, read(TWO))
        with pytest.raises(StillRunning):
            second.result(timeout=1)
        first.go_on.set()
        assert running.result(timeout=60).nodes_added == 3
        report = second.result(timeout=60)
        # It saw all that the first wrote: A changed, B left, D came.
        assert (report.nodes_added, report.nodes_changed, report.nodes_removed) == (1, 1, 1)
    assert store.export() == read(TWO)
    assert not store.sync(read(TWO)).changed


def test_many_at_once_leave_one_graph(store: GraphStore, open_store: Open, read: Read) -> None:
    graphs = [read(ONE), read(TWO), read(ONE + "ex:E ex:p ex:A .")]

    def sync(graph: KnowledgeGraph) -> None:
        with open_store() as other:
            other.sync(graph)

    with ThreadPoolExecutor() as pool:
        list(pool.map(sync, graphs * 2))
    assert store.export() in graphs
    assert store.run("MATCH (n:Resource) WITH n.uri AS u, count(n) AS n WHERE n > 1 RETURN u") == []
    assert store.run(STATE) == [{"n": 0}]


@pytest.mark.parametrize("engine", SERVERS, indirect=True)
def test_a_killed_sync_locks_until_its_term_ends(store: GraphStore, read: Read) -> None:
    store.sync(read(ONE))
    store.run(LOCK, {"ms": 1500}, read=False)
    assert store.sync(read(TWO)).nodes_added == 1
    assert store.export() == read(TWO)
    assert store.run(STATE) == [{"n": 0}]


@pytest.mark.parametrize("engine", SERVERS, indirect=True)
def test_patience_ends_and_names_who_is_at_work(store: Any, read: Read) -> None:
    store.sync(read(ONE))
    store.run(LOCK, {"ms": 60_000}, read=False)
    with (
        pytest.raises(StoreError, match="another sync is at work: elsewhere, process 7") as caught,
        sole(store._write, store._guarded, "here", patience=0.1),
    ):
        pytest.fail("two hold the lock")
    assert "ends within 60 s" in caught.value.cure
    store.run("MATCH (l:_Lock) DELETE l", read=False)


@pytest.mark.parametrize("engine", SERVERS, indirect=True)
def test_who_lost_the_lock_writes_no_more(store: GraphStore, open_store: Open, read: Read) -> None:
    first = Halting(read(ONE))
    with open_store() as other, ThreadPoolExecutor() as pool:
        running = pool.submit(other.sync, first)
        assert first.begun.wait(60)
        # As if its process had been suspended for longer than a term.
        store.run("MATCH (l:_Lock) SET l.until = 0", read=False)
        store.sync(read(TWO))
        first.go_on.set()
        with pytest.raises(StoreError, match="another sync took over"):
            running.result(timeout=60)
    assert store.export() == read(TWO)
    assert store.run(STATE) == [{"n": 0}]
