"""The embedded engine: a process of its own that owns one database file.

kglite cannot share a process with torch (its library needs more static TLS than glibc has left),
so it runs here and is spoken to over a private local socket. Several clients may connect; reads
run side by side, writes one after the other. The process ends by itself when nobody needs it. It
reaches the folder of its database and no other.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.store.embedded.confinement import confine, limit_memory
from kgtransfer.store.embedded.database import Database
from kgtransfer.store.embedded.handshake import (
    Impostor,
    accept,
    is_writable,
    private_folder,
    publish,
    retract,
)
from kgtransfer.store.embedded.spill import spill_folder
from kgtransfer.store.embedded.wire import receive, send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["main"]

SPARE = 5.0  # seconds beyond its time-out after which a statement ends the engine
FIRST_CLIENT = 10.0  # seconds a fresh engine waits for its first client, whatever its idle time


def main(argv: list[str] | None = None) -> int:
    """`python -m kgtransfer.store.embedded.engine PATH [--idle SECONDS] [--detach]`."""
    parser = argparse.ArgumentParser(prog="kgtransfer.store.embedded.engine", description=__doc__)
    parser.add_argument("path", type=Path, help="database file")
    parser.add_argument("--idle", type=float, default=30.0, help="seconds without clients")
    parser.add_argument("--detach", action="store_true", help="return once it listens")
    args = parser.parse_args(argv)
    return _detach(args.path, args.idle) if args.detach else _serve(args.path, args.idle, None)


def _detach(path: Path, idle: float) -> int:
    """Serve from a grandchild of the caller, which therefore has no child to wait for."""
    reader, writer = os.pipe()
    # Safe: no thread runs yet and kglite is not loaded.
    if os.fork() == 0:
        os.close(reader)
        os.setsid()
        os._exit(_serve(path, idle, writer))
    os.close(writer)
    with os.fdopen(reader) as news:
        trouble = news.read()
    sys.stderr.write(trouble)
    return 1 if trouble else 0


def _serve(path: Path, idle: float, news: int | None) -> int:
    """Own the database until idle; trouble at the start is told through `news`."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    own = path.parent if is_writable(path) else private_folder()
    confine(own, spill_folder(), readable=path.parent)
    limit_memory()
    try:
        database = Database(path)
    except BaseException as error:
        _tell(news, f"{type(error).__name__}: {error}")
        return 1
    try:
        token, listener = publish(path)
        try:
            with listener:
                _tell(news, "")
                _Server(database, token).until_idle(listener, idle)
        finally:
            # The lease ends with the session, so the note goes first: who finds none starts anew.
            retract(path, token)
    finally:
        database.close()
    return 0


def _tell(news: int | None, text: str) -> None:
    """Say how the start went and let go of the caller's standard streams."""
    if news is None:
        sys.stderr.write(text and text + "\n")
        return
    os.write(news, text.encode())
    os.close(news)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.close(null)


class _Server:
    """One database, served to every connection in a thread of its own."""

    def __init__(self, database: Database, token: str) -> None:
        self._database = database
        self._token = token
        self._lock = threading.Lock()
        self._clients = 0
        self._last = time.monotonic() + FIRST_CLIENT  # whoever started it is on the way

    def until_idle(self, listener: socket.socket, idle: float) -> None:
        """Accept clients until none was there for `idle` seconds, or the file was removed."""
        listener.settimeout(min(1.0, max(0.01, idle / 4)))
        while not self._database.removed():
            try:
                channel, _ = listener.accept()
            except TimeoutError:
                with self._lock:
                    if not self._clients and time.monotonic() - self._last >= idle:
                        return
                continue
            if self._database.removed():  # the client starts another engine, on a new file
                channel.close()
                return
            with self._lock:
                self._clients += 1
            threading.Thread(target=self._converse, args=(channel,), daemon=True).start()

    def _converse(self, channel: socket.socket) -> None:
        try:
            with channel, contextlib.suppress(OSError, Impostor):
                # A client takes the engine for alive only after this, so that one which connects
                # to an engine about to end sees that and starts another.
                accept(channel, self._token)
                while (request := receive(channel)) is not None and not self._database.removed():
                    self._reply(channel, request)
        finally:
            with self._lock:
                self._clients -= 1
                self._last = time.monotonic()

    def _reply(self, channel: socket.socket, request: Mapping[str, Any]) -> None:
        try:
            with _overdue(request.get("timeout")):
                answer = self._answer(request)
            send(channel, answer)
        except ConnectionError:
            raise
        except Exception as error:
            send(channel, {"error": type(error).__name__, "message": str(error)})

    def _answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        if "statements" in request:
            return {"results": self._transact(request)}
        if "save" in request:
            self._database.save()
            return {"columns": [], "rows": [], "warnings": []}
        database = self._database
        statement = database.reading().cypher if request["read"] else database.writing().execute
        return _result(statement, request, request["cypher"], request["params"])

    def _transact(self, request: Mapping[str, Any]) -> list[dict[str, Any]]:
        """All statements or none; again when another client wrote meanwhile."""
        deadline = time.monotonic() + request["timeout"]
        while True:
            transaction = self._database.writing().begin()
            try:
                results = []
                for cypher, params in request["statements"]:
                    in_time = {**request, "timeout": deadline - time.monotonic()}
                    results.append(_result(transaction.cypher, in_time, cypher, params))
                transaction.commit()
                return results
            except BaseException as error:
                if transaction.active:
                    transaction.rollback()
                conflict = type(error).__name__ == "TransactionConflictError"
                if not conflict or time.monotonic() > deadline:
                    raise


@contextlib.contextmanager
def _overdue(seconds: float | None) -> Iterator[None]:
    """End the process if the block takes far longer than a statement may.

    kglite looks at its clock between rows, and an expression of one row can take for ever. What
    was committed is in the log, and the other clients start another engine.
    """
    if seconds is None:
        yield
        return
    timer = threading.Timer(seconds + SPARE, os._exit, [1])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class RowCap(Exception):
    """More rows than the client wants to see."""


def _result(
    statement: Callable[..., Any], request: Mapping[str, Any], cypher: str, params: Any
) -> dict[str, Any]:
    limit: int = request["max_rows"]
    view = statement(
        cypher,
        params=params,
        timeout_ms=max(1, round(request["timeout"] * 1000)),
        row_limit=limit,
    )
    if isinstance(view, str):
        raise TypeError("FORMAT is not part of Cypher: rows are returned as they are")
    total = view.diagnostics["total_rows"]
    if total is not None and total > limit:
        raise RowCap(f"{total:,} rows, more than {limit:,}")
    columns: list[str] = view.columns
    rows = [[_plain(row[name]) for name in columns] for row in view.to_list()]
    return {"columns": columns, "rows": rows, "warnings": list(view.warnings)}


def _plain(value: Any) -> Any:
    """kglite's nodes, relationships and paths in the form that all stores share."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    keys = value.keys()
    if keys == {"id", "labels", "properties"}:
        return {"labels": value["labels"], "properties": _stored(value)}
    if keys == {"id", "start", "end", "type", "properties"}:
        return {"type": value["type"], "properties": _plain(value["properties"])}
    return {key: _plain(item) for key, item in value.items()}


def _stored(node: dict[str, Any]) -> dict[str, Any]:
    """A node's properties without the `id`, `title` and `type` that kglite makes up.

    A whole number as `id` cannot be told from one that kglite gave, and is left out.
    """
    properties, first = node["properties"], next(iter(node["labels"]), None)
    number = properties.get("id")
    made_up = {
        "id": (number,) if isinstance(number, int) else (),
        "title": (None, f"{first}_{number}"),
        "type": (first,),
    }
    return {key: value for key, value in properties.items() if value not in made_up.get(key, ())}


if __name__ == "__main__":
    sys.exit(main())
