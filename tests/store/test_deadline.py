from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from kgtransfer.errors import StoreError
from kgtransfer.store import GraphStore, connect

SUCCESS = b"\xb1\x70"
SERVER = b"\xa2\x86server\x8cNeo4j/5.26.0\x8dconnection_id\x81a"
HELLO, BEGIN, RUN = 0x01, 0x11, 0x10


class Silent(socketserver.StreamRequestHandler):
    """Speaks Bolt 5.4, but answers no query of a transaction, ever."""

    def handle(self) -> None:
        self.rfile.read(20)
        self.wfile.write(b"\0\0\4\5")
        within = False
        while size := int.from_bytes(self.rfile.read(2)):
            kind = self.rfile.read(size + 2)[1]
            within = within or kind == BEGIN
            if not (within and kind == RUN):
                answer = SUCCESS + (SERVER if kind == HELLO else b"\xa0")
                self.wfile.write(len(answer).to_bytes(2) + answer + b"\0\0")


@pytest.fixture
def silent() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Silent) as server:
        server.daemon_threads, server.block_on_close = True, False
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"bolt://127.0.0.1:{server.server_address[1]}"
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


def test_a_server_that_never_answers_is_cut_off(silent: str) -> None:
    late = r"timed out: the statement took longer than 0\.1 s"
    with connect(silent) as store:
        patient = asked(store, timeout=60)
        for _ in range(2):
            hasty = asked(store, timeout=0.1)  # its deadline is before the one that is awaited
            with pytest.raises(StoreError, match=late):
                hasty.result(timeout=8)
        assert not patient.done()
