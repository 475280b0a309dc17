from __future__ import annotations

import logging
import os
import re
import select
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyoxigraph as ox
import pytest

import kgtransfer
from kgtransfer.errors import QueryRefused, StoreError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.store import Selection, connect
from kgtransfer.store.embedded.confinement import landlock_version
from kgtransfer.store.embedded.handshake import address_file
from kgtransfer.store.embedded.store import EmbeddedStore

Read = Callable[[str], KnowledgeGraph]
EX = "http://example.org/cell#"
CELLS = 'ex:A a ex:Cell ; rdfs:label "a" . ex:B a ex:Cell ; rdfs:label "b" ; ex:near ex:A .'
SLOW = "MATCH (a:A), (b:A), (c:A) WHERE a.i + b.i = c.i * 7 RETURN count(*)"


def python(code: str, *args: str) -> str:
    home = str(Path(kgtransfer.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code, *args],
        env={**os.environ, "PYTHONPATH": home},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def ended(process: int) -> bool:
    """Whether the process behind a pidfd ends within 20 seconds."""
    ready, _, _ = select.select([process], [], [], 20)
    os.close(process)
    return bool(ready)


def test_values_cross_unchanged(store: EmbeddedStore) -> None:
    values = [1, 2**62, -0.5, True, "ü\n'\"`", date(2024, 2, 29), [1, 2], {"a": [None]}, None,
              datetime(2024, 2, 29, 1, 2, 3, 4, tzinfo=UTC)]  # fmt: skip
    for value in values:
        assert store.run("RETURN $value AS value", {"value": value}) == [{"value": value}]


def test_names_values_and_quotes_in_parameters_are_only_values(store: EmbeddedStore) -> None:
    attacks = ["'}) DETACH DELETE n //", "` SET n.x=1 //", "\\u0027 OR 1=1", "$uri", "*/", "\0"]
    for attack in attacks:
        store.run("CREATE (:Resource {uri: $uri})", {"uri": attack}, read=False)
        rows = store.run("MATCH (n:Resource) WHERE n.uri = $uri RETURN n.uri AS u", {"uri": attack})
        assert rows == [{"u": attack}]
    assert store.run("MATCH (n) RETURN count(n) AS n") == [{"n": len(attacks)}]


def test_iris_that_try_to_leave_their_back_ticks(store: EmbeddedStore, read: Read) -> None:
    store.sync(read("<http://a/A> <http://a/(n)-r-(x);--> <http://a/B> ; a <http://a/K'l> ."))
    assert store.run("MATCH (n)-[r]->() RETURN type(r) AS t") == [{"t": "ns0__(n)-r-(x);--"}]


@pytest.mark.parametrize(
    "tail", ["p`]--() DETACH DELETE n", r"p\u0060]--()", 'p"', "p q", "p\u00a0", "p{x}", "p|q"]
)
def test_names_that_no_iri_has(store: EmbeddedStore, read: Read, tail: str) -> None:
    store.sync(read(CELLS))
    hostile = ox.parse(
        f"<http://a/A> <http://a/{tail}> <http://a/B> .".encode(),
        format=ox.RdfFormat.N_TRIPLES,
        lenient=True,
    )
    with pytest.raises(StoreError, match="cannot be a label or relationship type"):
        store.sync(KnowledgeGraph(quad.triple for quad in hostile))
    store.sync(read(CELLS))
    assert store.export() == read(CELLS)


def test_reads_cannot_write(store: EmbeddedStore) -> None:
    with pytest.raises(QueryRefused, match="CREATE is not allowed"):
        store.run("CREATE (:A)")
    with pytest.raises(QueryRefused, match="LOAD"):
        store.run("LOAD CSV FROM 'file:///etc/passwd' AS l RETURN l", read=False)
    # The engine refuses too, whatever the gate lets pass.
    with pytest.raises(QueryRefused, match="ReadOnlyError"):
        store._read("CREATE (:A)", {})
    assert store.run("MATCH (n) RETURN count(n) AS n") == [{"n": 0}]


def test_time_out_and_row_cap(store: EmbeddedStore) -> None:
    store.run("UNWIND range(1, 2000) AS i CREATE (:A {i: i})", read=False)
    with pytest.raises(StoreError, match="timed out") as caught:
        store.run(SLOW, timeout=0.1)
    assert "time" in caught.value.cure
    with pytest.raises(StoreError, match="2,000 rows, more than 1,999"):
        store.run("MATCH (a:A) RETURN a.i", max_rows=1999)
    assert len(store.run("MATCH (a:A) RETURN a.i", max_rows=2000)) == 2000


def test_clear_errors(store: EmbeddedStore, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(StoreError, match="CypherSyntaxError"):
        store.run("MATCH (n RETURN n")
    with pytest.raises(StoreError, match="set cannot be stored"):
        store.run("RETURN $x AS x", {"x": {1, 2}})
    with pytest.raises(StoreError):
        store.run("RETURN $x AS x", {"x": 2**63})
    with pytest.raises(StoreError, match="FORMAT"):
        store.run("RETURN 1 AS a FORMAT CSV")
    store.run("CREATE (:Somewhere)", read=False)
    with caplog.at_level(logging.WARNING, logger="kgtransfer"):
        assert store.run("MATCH (n:Nowhere) RETURN n") == []
    assert "Nowhere" in caplog.text
    assert store.run("RETURN 1 AS one") == [{"one": 1}]


def test_select(store: EmbeddedStore, read: Read) -> None:
    store.sync(read(CELLS))
    query = "MATCH (c:ex__Cell) WHERE c.rdfs__label <> $not RETURN c.uri ORDER BY c.uri DESC"
    assert store.select(query, {"not": ""}) == Selection((EX + "B", EX + "A"))
    assert store.select(query, {"not": "a"}).iris == (EX + "B",)
    weighted = "MATCH (c:ex__Cell) RETURN c, count { (c)--() } AS w ORDER BY c.uri"
    assert store.select(weighted) == Selection((EX + "A", EX + "B"), (1.0, 1.0))
    with pytest.raises(QueryRefused):
        store.select("MATCH (c) DETACH DELETE c RETURN c.uri")


def test_vectors_are_shared_durable_and_leave_with_their_concept(
    database: Path, read: Read
) -> None:
    with EmbeddedStore(database) as first, EmbeddedStore(database) as second:
        first.sync(read(CELLS))
        with pytest.raises(StoreError, match="holds no vectors"):
            second.nearest(EX + "A", 1)
        first.write_vectors([EX + "A", EX + "B"], np.array([[1.0, 0.0], [1.0, 1.0]]))
        assert second.nearest(EX + "A", 3) == [(EX + "B", pytest.approx(0.5**0.5))]
        first.sync(read("ex:B a ex:Cell ."))
        assert second.nearest(np.array([1.0, 1.0]), 3) == [(EX + "B", pytest.approx(1.0))]


def test_a_killed_engine_is_an_error_and_then_starts_again(
    store: EmbeddedStore, read: Read
) -> None:
    store.sync(read(CELLS))
    pid = store.engine_pid
    assert pid is not None
    dying = os.pidfd_open(pid)
    os.kill(pid, signal.SIGKILL)
    assert ended(dying)
    with pytest.raises(StoreError, match="ended before it answered"):
        store.run("MATCH (n) RETURN n")
    assert store.export() == read(CELLS)
    assert store.engine_pid != pid


def test_two_commands_share_one_engine(store: EmbeddedStore, read: Read) -> None:
    store.sync(read(CELLS))
    code = """
import sys
from kgtransfer.store import connect
with connect(sys.argv[1]) as store:
    store.run("CREATE (:Seen)", read=False)
    print(store.engine_pid, store.run("MATCH (n:Resource) RETURN count(n) AS n")[0]["n"])
"""
    assert python(code, str(store.path)) == f"{store.engine_pid} 2"
    assert store.run("MATCH (n:Seen) RETURN count(n) AS n") == [{"n": 1}]


def test_many_clients_starting_at_once_start_one_engine(database: Path) -> None:
    pids: list[int | None] = []

    def work() -> None:
        with EmbeddedStore(database) as store:
            store.run("CREATE (:A)", read=False)
            pids.append(store.engine_pid)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pids) == 6
    assert len(set(pids)) == 1
    with EmbeddedStore(database) as store:
        assert store.run("MATCH (n:A) RETURN count(n) AS n") == [{"n": 6}]


def test_an_idle_engine_ends_and_keeps_everything(database: Path) -> None:
    with EmbeddedStore(database, idle=0.05) as store:
        assert store.engine_pid is not None
        process = os.pidfd_open(store.engine_pid)
        store.run("CREATE (:A)", read=False)
    assert ended(process)
    assert not address_file(database).exists()
    with EmbeddedStore(database, idle=0.05) as store:
        assert store.run("MATCH (n:A) RETURN count(n) AS n") == [{"n": 1}]


def test_after_closing_the_file_alone_is_the_store(database: Path, read: Read) -> None:
    with EmbeddedStore(database) as store:
        assert database.exists()
        store.sync(read(CELLS))
    copy = database.with_name("copy.kglite")
    copy.write_bytes(database.read_bytes())
    with EmbeddedStore(copy) as store:
        assert store.export() == read(CELLS)
    with EmbeddedStore(database) as store:
        store.run("CREATE (:Seen)", read=False)
        store.transact([("CREATE (:Seen)", {})])
    copy = database.with_name("copy2.kglite")
    copy.write_bytes(database.read_bytes())
    with EmbeddedStore(copy) as store:
        assert store.run("MATCH (n:Seen) RETURN count(n) AS n") == [{"n": 2}]


@pytest.mark.parametrize("running", [True, False])
def test_a_store_whose_file_was_removed_is_a_new_one(
    database: Path, read: Read, running: bool
) -> None:
    with EmbeddedStore(database) as store:
        store.sync(read(CELLS))
        store.run("CREATE (:Seen)", read=False)
        pid = store.engine_pid
        assert pid is not None
    process = os.pidfd_open(pid)
    if not running:
        os.kill(pid, signal.SIGKILL)
        assert ended(os.dup(process))
    database.unlink()
    with EmbeddedStore(database) as store:
        assert store.run("MATCH (n) RETURN count(n) AS n") == [{"n": 0}]
        assert store.sync(read(CELLS)).nodes_added == 2
    assert ended(process)
    assert database.exists()


def test_a_file_removed_under_a_client(store: EmbeddedStore, read: Read) -> None:
    store.sync(read(CELLS))
    store.path.unlink()
    with pytest.raises(StoreError, match="ended before it answered"):
        store.run("RETURN 1")
    assert store.sync(read(CELLS)).nodes_added == 2


def test_the_note_is_private_and_names_no_file(store: EmbeddedStore) -> None:
    note = address_file(store.path)
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert re.fullmatch("[0-9a-f]{64}", note.read_text())


@pytest.mark.parametrize("left_behind", ["{folder}/kgtransfer-main/s", "0" * 64])
def test_a_note_that_came_with_the_file_costs_nothing(
    database: Path, read: Read, left_behind: str
) -> None:
    with EmbeddedStore(database, idle=0.0) as store:
        store.sync(read(CELLS))
        assert store.engine_pid is not None
        process = os.pidfd_open(store.engine_pid)
    assert ended(process)
    private = database.parent / "kgtransfer-main"
    private.mkdir()
    (private / "s").write_text("years of work")
    address_file(database).write_text(left_behind.format(folder=database.parent))
    with EmbeddedStore(database) as store:
        assert store.run("MATCH (c:Resource) RETURN count(c) AS n") == [{"n": 2}]
    assert (private / "s").read_text() == "years of work"


def test_a_note_that_is_a_link_is_not_followed(database: Path) -> None:
    notes = database.parent / "notes.txt"
    notes.write_text("mine")
    address_file(database).symlink_to(notes)
    with EmbeddedStore(database) as store:
        assert store.run("RETURN 1 AS one") == [{"one": 1}]
    assert notes.read_text() == "mine"
    assert not address_file(database).is_symlink()


@pytest.fixture
def mounted(database: Path, read: Read) -> Iterator[Path]:
    """A store on a file system that is mounted for reading alone."""
    with EmbeddedStore(database, idle=0.0) as store:
        store.sync(read(CELLS))
        assert store.engine_pid is not None
        process = os.pidfd_open(store.engine_pid)
    assert ended(process)
    target = database.parent / "mounted"
    target.mkdir()
    subprocess.run(["mount", "--bind", database.parent, target], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", target], check=True)
    yield target / database.name
    subprocess.run(["umount", target], check=True)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can mount")
def test_a_store_on_read_only_media_can_be_asked(mounted: Path, read: Read) -> None:
    before = sorted(mounted.parent.iterdir())
    with EmbeddedStore(mounted, idle=0.05) as store, EmbeddedStore(mounted) as other:
        assert store.engine_pid == other.engine_pid
        assert store.export() == read(CELLS)
        with pytest.raises(StoreError, match="cannot be written"):
            store.run("CREATE (:A)", read=False)
        with pytest.raises(StoreError, match="cannot be written"):
            store.sync(read("ex:A a ex:Cell ."))
        assert store.engine_pid is not None
        process = os.pidfd_open(store.engine_pid)
    assert ended(process)
    assert sorted(mounted.parent.iterdir()) == before


def test_another_programs_log_is_left_alone(database: Path) -> None:
    log = database.with_name(f"{database.name}-wal")
    log.write_bytes(b"SQLite format 3")
    with pytest.raises(StoreError, match="in the way and is no log of a store"):
        EmbeddedStore(database)
    assert log.read_bytes() == b"SQLite format 3"
    log.unlink()


@pytest.mark.skipif(not landlock_version(), reason="the kernel cannot shut a process in")
def test_the_engine_itself_reads_no_file_elsewhere(
    store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.csv"
    secret.write_text("password\n")
    for file in (secret, Path("/etc/passwd"), Path("/proc/1/environ")):
        with pytest.raises(StoreError, match="LOAD CSV cannot open"):
            store._read(f"LOAD CSV FROM 'file://{file}' AS l RETURN l", {})


def test_a_slow_query_does_not_hold_up_the_others(store: EmbeddedStore) -> None:
    store.run("UNWIND range(1, 3000) AS i CREATE (:A {i: i})", read=False)
    failed = threading.Event()

    def work() -> None:
        with EmbeddedStore(store.path) as other, pytest.raises(StoreError, match="timed out"):
            other.run(SLOW, timeout=1.0)
        failed.set()

    thread = threading.Thread(target=work)
    thread.start()
    for _ in range(50):
        assert store.run("RETURN 1 AS one") == [{"one": 1}]
    assert not failed.is_set()
    thread.join()
    assert failed.is_set()


def test_the_engine_loads_nothing_heavy() -> None:
    code = "import kgtransfer.store.embedded.engine, sys; print(*sys.modules)"
    loaded = set(python(code).split())
    assert "kgtransfer.store.embedded.engine" in loaded
    assert not loaded & {"torch", "numpy", "pyoxigraph", "rdflib", "kgtransfer.knowledge.graph"}


def test_clients_load_neither_torch_nor_kglite() -> None:
    code = (
        "import kgtransfer.store.embedded.store, kgtransfer.store.vectors, sys; print(*sys.modules)"
    )
    assert not set(python(code).split()) & {"torch", "kglite"}


def test_connect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for where, path in (
        (None, tmp_path / ".kgtransfer/store.kglite"),
        ("deep/er/store.kglite", tmp_path / "deep/er/store.kglite"),
        (tmp_path / "deep/er", tmp_path / "deep/er/store.kglite"),
    ):
        with connect(where) as store:
            assert isinstance(store, EmbeddedStore)
            assert store.path == path
            assert store.engine_pid is not None
            os.kill(store.engine_pid, signal.SIGTERM)


def test_files_that_are_no_store(tmp_path: Path) -> None:
    wrong = tmp_path / "notes.txt"
    wrong.write_text("not a database")
    with pytest.raises(StoreError, match=r"notes\.txt: is no store"):
        connect(wrong)
    assert wrong.read_text() == "not a database"
    assert [*tmp_path.iterdir()] == [wrong]
    with pytest.raises(StoreError, match="cannot be made"):
        connect(wrong / "below")


@pytest.mark.slow
def test_an_expression_that_takes_for_ever_ends_with_its_time_out(store: EmbeddedStore) -> None:
    store.run("CREATE (:A)", read=False)
    forever = "RETURN size(reduce(t = 'x', i IN range(1, 1000000) | replace(t, 'x', 'xy'))) AS s"
    with pytest.raises(StoreError, match="timed out: the statement took longer than"):
        store.run(forever, timeout=0.1)
    assert store.run("MATCH (a:A) RETURN count(a) AS n") == [{"n": 1}]
