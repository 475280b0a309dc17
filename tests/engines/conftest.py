"""One suite for every engine: `store` is an empty graph store on each of them in turn.

`KGTRANSFER_ENGINES` names the engines, with commas between; kglite and arcadedb by default.
`neo4j` is a real Neo4j 5, built by Maven and started here, or the EMPTY database at `NEO4J_URI`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.store import GraphStore, connect
from kgtransfer.store.embedded.store import EmbeddedStore

HERE = Path(__file__).parent
ENGINES = os.environ.get("KGTRANSFER_ENGINES", "kglite,arcadedb").split(",")
PASSWORD = "only-for-tests"
PREFIXES = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <http://example.org/cell#> .
"""


@dataclass
class Server:
    """A server process that prints `port N` when it is ready and ends with its input."""

    command: list[str]
    folder: Path
    credentials: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    port: int = 0

    def start(self) -> None:
        """Start it, on the port it had before."""
        self.process = subprocess.Popen(
            [*self.command, str(self.folder), str(self.port)],
            cwd=self.folder,
            env={**os.environ, "ARCADEDB_PASSWORD": PASSWORD},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("port "):
                self.port = int(line.split()[1])
                return
        pytest.fail(f"the server ended as it started: {''.join(lines)}")

    def kill(self) -> None:
        """End it in the midst of whatever it does."""
        assert self.process is not None
        self.process.kill()
        self.process.communicate()

    def connect(self) -> GraphStore:
        """A store on it."""
        return connect(f"bolt://127.0.0.1:{self.port}", **self.credentials)


@pytest.fixture(scope="session")
def read() -> Callable[[str], KnowledgeGraph]:
    """Turtle, with the usual prefixes and ex:, as a graph."""

    def turtle(text: str) -> KnowledgeGraph:
        parsed = ox.parse((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE)
        return KnowledgeGraph((q.triple for q in parsed), {"ex": "http://example.org/cell#"})

    return turtle


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Name of the engine."""
    return str(request.param)


@pytest.fixture(scope="session")
def server(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server | None]:
    """The running server of that engine; None where it has none, or is not ours to kill."""
    if engine == "kglite" or (engine == "neo4j" and "NEO4J_URI" in os.environ):
        yield None
        return
    folder = tmp_path_factory.mktemp(engine)
    started = _neo4j(folder) if engine == "neo4j" else _arcadedb(folder)
    started.start()
    yield started
    started.kill()


@pytest.fixture
def open_store(engine: str, server: Server | None, tmp_path: Path) -> Callable[[], GraphStore]:
    """Opens one more store on the same database."""
    if server is not None:
        return server.connect
    if engine == "neo4j":
        return lambda: connect(os.environ["NEO4J_URI"])
    return lambda: EmbeddedStore(tmp_path / "store.kglite")


@pytest.fixture
def crash(server: Server | None) -> Callable[[GraphStore], None]:
    """Ends the engine behind a store as kill -9 does, and has it started again."""

    def now(store: GraphStore) -> None:
        if server is not None:
            server.kill()
            server.start()
        elif isinstance(store, EmbeddedStore):
            assert store.engine_pid is not None
            os.kill(store.engine_pid, signal.SIGKILL)
            store.close()  # the next call starts it again

    return now


@pytest.fixture
def store(open_store: Callable[[], GraphStore]) -> Iterator[GraphStore]:
    """A store with nothing in it."""
    with open_store() as opened:
        if not isinstance(opened, EmbeddedStore):
            _empty(opened)
        yield opened
    with contextlib.suppress(ProcessLookupError):
        if isinstance(opened, EmbeddedStore):
            opened.run("RETURN 1")
            assert opened.engine_pid is not None
            os.kill(opened.engine_pid, signal.SIGTERM)
            opened.close()


def _arcadedb(folder: Path) -> Server:
    command = [sys.executable, str(HERE / "arcadedb.py")]
    return Server(command, folder, {"user": "root", "password": PASSWORD, "database": "neo4j"})


def _neo4j(folder: Path) -> Server:
    project = HERE / "neo4j"
    subprocess.run(["mvn", "-q", "-B", "compile"], cwd=project, check=True)
    jars = (project / "target" / "classpath").read_text().strip()
    packages = ("java.nio", "java.io", "java.lang", "sun.nio.ch")
    opens = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in packages]
    classes = f"{project / 'target' / 'classes'}{os.pathsep}{jars}"
    return Server(["java", "-Xmx1g", *opens, "-cp", classes, "kgtransfer.Server"], folder)


def _empty(store: GraphStore) -> None:
    """Delete what an earlier test left; nothing that was there before the tests."""
    deleted = 1
    while deleted:
        statement = "MATCH (n) WITH n LIMIT 5000 DETACH DELETE n RETURN count(*) AS n"
        deleted = store.run(statement, read=False, timeout=60)[0]["n"]


@pytest.fixture(scope="module")
def smear(
    engine: str, server: Server | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GraphStore]:
    """A store that holds the blood smear and is shared by the tests of one file."""
    if server is not None:
        opened = server.connect()
    elif engine == "neo4j":
        opened = connect(os.environ["NEO4J_URI"])
    else:
        opened = EmbeddedStore(tmp_path_factory.mktemp("smear") / "store.kglite", idle=0.0)
    with opened:
        if engine != "kglite":
            _empty(opened)
        opened.sync(read_ontology(HERE / "smear.ttl"))
        yield opened
