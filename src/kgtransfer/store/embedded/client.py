"""The client's end of the embedded engine: find it or start it, ask it, notice its death."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import QueryRefused, StoreError
from kgtransfer.store.base import timed_out
from kgtransfer.store.embedded.handshake import Impostor, beside, greet, read_token
from kgtransfer.store.embedded.wire import receive, send
from kgtransfer.utils.resources import child_environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kgtransfer.store.base import Params, Row, Statement

__all__ = ["Channel", "locked"]

GRACE = 15.0  # seconds beyond a query's own time-out before the engine counts as hung
_CURES = {
    "RowCap": "add LIMIT, aggregate, or allow more with --max-rows (max_rows)",
    "SchemaError": "a property that no node has yet is written by SET: CREATE (n:A) SET n.x = 1",
    "CypherSyntaxError": "see the Cypher manual; values belong into parameters",
}


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock file; it ends with the process that holds it.

    Raises:
        StoreError: its folder cannot be written.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(
            f"{path.parent}: cannot be written ({error.strerror})",
            cure="keep the store in a folder of yours",
        ) from error
    with os.fdopen(handle, "rb"):
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


class Channel:
    """A connection to the engine of one database file, made anew after the engine ended.

    Args:
        path: the database file.
        idle: seconds without clients after which an engine started from here ends.
    """

    def __init__(self, path: Path, idle: float) -> None:
        self._path = path
        self._idle = idle
        self._socket: socket.socket | None = None
        self.pid: int | None = None

    def ask(
        self, cypher: str, params: Params, *, read: bool, timeout: float, max_rows: int
    ) -> tuple[list[Row], list[str]]:
        """Run one statement in the engine.

        Returns:
            The rows, and the engine's warnings (a label that nothing has, say).

        Raises:
            QueryRefused: a statement that writes was sent as a read.
            StoreError: the engine cannot start, refused the statement or died over it.
        """
        message = {
            "cypher": cypher,
            "params": dict(params),
            "read": read,
            "timeout": timeout,
            "max_rows": max_rows,
        }
        return self._rows(self._exchange(message, timeout + GRACE), timeout)

    def transact(
        self, statements: Sequence[Statement], *, timeout: float, max_rows: int
    ) -> list[tuple[list[Row], list[str]]]:
        """Run statements in one transaction in the engine; raises what `ask` does."""
        plain = [(cypher, dict(params)) for cypher, params in statements]
        message = {"statements": plain, "timeout": timeout, "max_rows": max_rows}
        answer = self._exchange(message, timeout + GRACE)
        return [self._rows(result, timeout) for result in answer.get("results", [answer])]

    def save(self, *, timeout: float) -> None:
        """Have all that was committed written into the database file; raises what `ask` does."""
        answer = self._exchange({"save": True}, timeout)
        if kind := answer.get("error"):
            raise StoreError(f"{self._path}: not saved: {kind}: {answer['message']}")

    def open(self) -> None:
        """Connect to the running engine, or start one."""
        if self._socket is not None or self._dial():
            return
        with locked(beside(self._path, ".start")):
            if self._dial():
                return
            _start(self._path, self._idle)
            if not self._dial():
                raise StoreError(f"{self._path}: the store's engine ended as it started")

    def close(self) -> None:
        """Leave the engine; it ends by itself when nobody is left."""
        if self._socket is not None:
            self._socket.close()
        self._socket = self.pid = None

    def _exchange(self, message: dict[str, Any], timeout: float) -> dict[str, Any]:
        self.open()
        assert self._socket is not None
        self._socket.settimeout(timeout)
        answer, started = None, time.monotonic()
        try:
            send(self._socket, message)
            answer = receive(self._socket)
        except (TypeError, ValueError, OverflowError) as error:
            # Nothing was sent: a message is packed whole before its first byte leaves.
            raise StoreError(f"a parameter cannot be stored: {error}") from error
        except TimeoutError:
            self.close()
            raise self._hung() from None
        except ConnectionError:
            pass
        except BaseException:  # an interrupt: the answer to come belongs to nobody
            self.close()
            raise
        if answer is None:
            self.close()
            allowed = message.get("timeout")
            if allowed is not None and time.monotonic() - started > allowed:
                raise timed_out(str(self._path), allowed)  # it ends over such a statement
            raise StoreError(
                f"{self._path}: the store's engine ended before it answered",
                cure="try again: the next call starts it anew, and committed writes are kept",
            )
        return dict(answer)

    def _rows(self, answer: Mapping[str, Any], timeout: float) -> tuple[list[Row], list[str]]:
        if kind := answer.get("error"):
            if kind == "CypherTimeoutError":
                raise timed_out(str(self._path), timeout)
            refused = QueryRefused if kind == "ReadOnlyError" else StoreError
            raise refused(f"{kind}: {answer['message']}", cure=_CURES.get(kind, ""))
        columns = answer["columns"]
        rows = [dict(zip(columns, row, strict=True)) for row in answer["rows"]]
        return rows, answer["warnings"]

    def _dial(self) -> bool:
        """Connect to the engine that the note tells of; False where there is none."""
        token = read_token(self._path)
        if token is None:
            return False
        try:
            self._socket, self.pid = greet(token)
        except (ConnectionError, Impostor):  # a note left behind, or one that is not an engine's
            return False
        except TimeoutError:
            raise self._hung() from None
        return True

    def _hung(self) -> StoreError:
        return StoreError(
            f"{self._path}: the store's engine does not answer", cure="end its process"
        )


def _start(path: Path, idle: float) -> None:
    """Start an engine and wait until it listens (or says why it cannot)."""
    module = "kgtransfer.store.embedded.engine"
    # -P: a file in the current folder must not stand in for a library.
    command = [sys.executable, "-P", "-m", module, str(path), f"--idle={idle}", "--detach"]
    started = subprocess.run(
        command,
        env=child_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if started.returncode:
        raise StoreError(
            f"{path}: the store cannot be opened ({started.stderr.strip() or 'no reason given'})",
            cure="check that the file is a kgtransfer store that no other machine has open",
        )
