"""What an engine that dies, or a connection that breaks, leaves behind."""

from __future__ import annotations

import contextlib
import gc
import os
import select
import socket
import threading
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from kgtransfer.errors import StoreError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.store import GraphStore, connect
from kgtransfer.store.base import Params, Row
from kgtransfer.store.sync import synchronise

Read = Callable[[str], KnowledgeGraph]
ENGINES = os.environ.get("KGTRANSFER_ENGINES", "kglite,arcadedb").split(",")
SERVERS = [engine for engine in ENGINES if engine != "kglite"]
CELLS = """
ex:Cell a owl:Class ; rdfs:label "cell"@en .
ex:B a owl:Class ; rdfs:label "B cell"@en ; ex:size 0.50 ; rdfs:subClassOf ex:Cell .
ex:T a owl:Class ; rdfs:label "T cell"@en ; rdfs:seeAlso ex:B .
"""
EDITED = """
ex:Cell a owl:Class ; rdfs:label "cell"@en .
ex:Marrow a owl:Class, ex:Organ .
ex:B a owl:Class ; rdfs:label "B lymphocyte"@en ; ex:size 8 ; ex:partOf ex:Marrow .
"""


class Cut(Exception):
    """The client ends with the engine."""


@pytest.mark.slow
def test_killed_half_way_through_a_sync(
    store: GraphStore, crash: Callable[[GraphStore], None], read: Read
) -> None:
    store.sync(read(CELLS))
    store.transact([("CREATE (:Run {n: 1})", {}), ("CREATE (:Run {n: 2})", {})])

    def write(cypher: str, params: Params) -> list[Row]:
        rows = store.run(cypher, params, read=False)
        if "SET n += row.properties" in cypher:
            crash(store)
            raise Cut
        return rows

    with pytest.raises(Cut):
        synchronise(write, read(EDITED))
    assert store.sync(read(EDITED)).changed
    assert store.export() == read(EDITED)
    assert store.run("MATCH (a)-[r:ex__partOf]->(b) RETURN count(r) AS n") == [{"n": 1}]
    assert store.run("MATCH (r:Run) RETURN count(r) AS n") == [{"n": 2}]
    assert not store.sync(read(EDITED)).changed


def test_nodes_added_after_others_left_and_the_engine_started_again(
    store: GraphStore, crash: Callable[[GraphStore], None], read: Read
) -> None:
    """kglite would give the id of a node that is still there once more."""
    for extra in ("ex:New1 a owl:Class .", "", "ex:New2 a owl:Class ."):
        store.sync(read(CELLS + extra))
    last = read(CELLS + "ex:New2 a owl:Class . ex:New3 a owl:Class .")
    crash(store)
    assert store.sync(last).nodes_added == 1
    assert store.export() == last
    store.run("MATCH (n:Resource {uri: $u}) DETACH DELETE n",
              {"u": "http://example.org/cell#New2"}, read=False)  # fmt: skip
    store.run("CREATE (:Run)", read=False)
    crash(store)
    store.transact([("CREATE (:Run)", {})])
    assert store.run("MATCH (r:Run) RETURN count(r) AS n") == [{"n": 2}]


class Proxy:
    """Passes Bolt on, and breaks its first connection after so many pieces from the client."""

    def __init__(self, port: int, pieces: int) -> None:
        self._port, self._pieces, self._used = port, pieces, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.broke = False
        self.address = f"bolt://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._pass, args=(client,), daemon=True).start()

    def _pass(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self._port)) as server:
            other = {client: server, server: client}
            with contextlib.suppress(OSError):
                while True:
                    source = select.select([client, server], [], [])[0][0]
                    piece = source.recv(65536)
                    if source is client and not self.broke:
                        self._used += 1
                        self.broke = self._used > self._pieces
                        if self.broke:
                            return
                    if not piece:
                        return
                    other[source].sendall(piece)


@pytest.fixture
def through(server: Any) -> Iterator[Callable[[int], tuple[GraphStore, Proxy]]]:
    """A store whose connection breaks after so many pieces."""
    with contextlib.ExitStack() as stack:

        def opened(pieces: int) -> tuple[GraphStore, Proxy]:
            proxy = Proxy(server.port, pieces)
            stack.callback(proxy.close)
            store = stack.enter_context(connect(proxy.address, **server.credentials))
            return store, proxy

        yield opened


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("engine", SERVERS, indirect=True)
def test_a_broken_connection_loses_and_doubles_nothing(
    store: GraphStore, through: Callable[[int], tuple[GraphStore, Proxy]]
) -> None:
    outcomes = set()
    for pieces in count():
        statement = "CREATE (a:A {pieces: $pieces})"
        try:
            broken, proxy = through(pieces)
            broken.run(statement, {"pieces": pieces}, read=False)
        except StoreError as error:
            outcomes.add(error.message.split(": ")[1])
            written = 0, 1
        else:
            outcomes.add("written")
            written = 1, 1
            if not proxy.broke:
                break
        rows = store.run("MATCH (a:A {pieces: $pieces}) RETURN count(a) AS n", {"pieces": pieces})
        assert written[0] <= rows[0]["n"] <= written[1]
    assert pieces > 3
    assert "written" in outcomes
    assert outcomes <= {
        *("written", "ServiceUnavailable", "SessionExpired", "IncompleteCommit", "OSError")
    }
    gc.collect()  # connections that the driver left half made complain here, and not later
