from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from kgtransfer.errors import StoreError
from kgtransfer.store import GraphStore, connect
from kgtransfer.store.bolt import store as neo4j

SUCCESS = b"\xb1\x70"
SERVER = b"\xa2\x86server\x8cNeo4j/5.26.0\x8dconnection_id\x81a"
HELLO, RUN = 0x01, 0x10


class Silence(socketserver.ThreadingTCPServer):
    """Answers so many queries, then none any more."""

    patience = 1  # for whoever connects
    daemon_threads, block_on_close = True, False

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.server_address[1]}"


class Silent(socketserver.StreamRequestHandler):
    """Speaks Bolt 5.4, but answers no more queries than the server's `patience`, ever."""

    def handle(self) -> None:
        self.rfile.read(20)
        self.wfile.write(b"\0\0\4\5")
        while size := int.from_bytes(self.rfile.read(2)):
            kind = self.rfile.read(size + 2)[1]
            self.server.patience -= kind == RUN
            if kind != RUN or self.server.patience >= 0:
                answer = SUCCESS + (SERVER if kind == HELLO else b"\xa0")
                self.wfile.write(len(answer).to_bytes(2) + answer + b"\0\0")


@pytest.fixture
def silent() -> Iterator[Silence]:
    with Silence(("127.0.0.1", 0), Silent) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def asked(store: GraphStore, timeout: float) -> Future[object]:
    """A query's answer, awaited in a thread: one that nobody cuts waits for ever."""
    answer: Future[object] = Future()

    def ask() -> None:
        try:
            answer.set_result(store.run("RETURN 1", timeout=timeout))
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()
    return answer


def test_a_server_that_never_answers_is_cut_off(silent: Silence) -> None:
    late = r"timed out: the statement took longer than 0\.1 s"
    with connect(silent.uri) as store:
        patient = asked(store, timeout=60)
        for _ in range(2):
            hasty = asked(store, timeout=0.1)  # its deadline is before the one that is awaited
            with pytest.raises(StoreError, match=late):
                hasty.result(timeout=8)
        assert not patient.done()


def test_a_server_that_does_not_answer_at_all_is_no_store(silent: Silence, monkeypatch) -> None:
    monkeypatch.setattr(neo4j, "GREETING", 0.1)
    silent.patience = 0
    with pytest.raises(StoreError, match=r"timed out: the statement took longer than 0\.1 s"):
        connect(silent.uri)
