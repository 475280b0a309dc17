"""`Neo4jStore`: a graph store on a server that speaks Bolt, by Neo4j's official driver."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from urllib.parse import urlsplit

from kgtransfer.errors import QueryRefused, StoreError
from kgtransfer.store import vector_nodes
from kgtransfer.store.security import check_read, check_write
from kgtransfer.store.selection import selection
from kgtransfer.store.sync import read_back, rehearsal, synchronise
from kgtransfer.store.vectors import merge

if TYPE_CHECKING:
    from types import TracebackType

    import neo4j
    import numpy as np
    import numpy.typing as npt

    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.store.base import Params, Row, Selection, Statement, SyncReport
    from kgtransfer.store.record import Record
    from kgtransfer.store.vectors import Vectors

__all__ = ["SCHEMES", "Neo4jStore"]

SCHEMES = frozenset(
    f"{protocol}{security}" for protocol in ("neo4j", "bolt") for security in ("", "+s", "+ssc")
)
BULK_TIMEOUT = 600.0  # seconds for one batch of a sync
BULK_ROWS = 100_000_000
FETCH = 10_000  # rows a message
RETRIES = 30.0  # seconds in which a transaction that met a transient error is tried again
Result = TypeVar("Result")
Work = Callable[["neo4j.ManagedTransaction"], Result]

_CURES = {
    "AuthError": "set NEO4J_USERNAME and NEO4J_PASSWORD",
    "ServiceUnavailable": "start the server, or check address and port",
    "CypherSyntaxError": "see the Cypher manual; values belong into parameters",
    "TransactionTimedOut": "narrow the query or allow it more time",
    "IncompleteCommit": "look whether it was written before you try again",
}


class Neo4jStore:
    """A `GraphStore` on a Neo4j server (5 or later), or on another that speaks Bolt.

    Every statement runs in a transaction of its own, which the driver tries again after a
    transient error (a deadlock, a change of leader). One that may have been committed is never
    tried again, so that nothing is written twice. Threads may share a store.

    Args:
        uri: `neo4j://host[:7687]` or `bolt://...`; `+s` at the scheme's end asks for TLS with a
            certificate that the system trusts, `+ssc` for TLS with any.
        user: who signs in; `NEO4J_USERNAME` by default, else nobody does.
        password: `NEO4J_PASSWORD` by default.
        database: name of the database; `NEO4J_DATABASE` by default, else the user's own.

    Raises:
        StoreError: the server cannot be reached or refuses the user, the address is malformed,
            or the driver is not installed.
    """

    def __init__(
        self,
        uri: str,
        *,
        user: str | None = None,
        password: str | None = None,
        database: str | None = None,
    ) -> None:
        self.uri = _checked(uri)
        self._record: Record | None = None  # of this store's last sync
        self._vectors: tuple[str | None, Vectors | None] = (None, None)
        self._database = database or os.environ.get("NEO4J_DATABASE")
        user = user or os.environ.get("NEO4J_USERNAME")
        password = password or os.environ.get("NEO4J_PASSWORD")
        with self._errors():
            self._driver = _driver(uri, (user, password or "") if user else None)
            try:
                with self._driver.session(database=self._database) as session:
                    session.run("RETURN 1").consume()  # not tried again, so refused at once
            except BaseException:
                self._driver.close()
                raise

    def run(
        self,
        cypher: str,
        params: Params | None = None,
        *,
        read: bool = True,
        timeout: float = 30.0,
        max_rows: int = 100_000,
    ) -> list[Row]:
        """Run one Cypher statement; see `GraphStore.run`."""
        (check_read if read else check_write)(cypher)
        return self._ask(cypher, params or {}, read, timeout, max_rows)

    def transact(
        self, statements: Sequence[Statement], *, timeout: float = BULK_TIMEOUT
    ) -> list[list[Row]]:
        """Run statements in one transaction; see `GraphStore.transact`."""
        for cypher, _ in statements:
            check_write(cypher)

        def work(transaction: neo4j.ManagedTransaction) -> list[list[Row]]:
            return [_rows(transaction, *statement, BULK_ROWS) for statement in statements]

        return self._managed(work, read=False, timeout=timeout)

    def sync(
        self, graph: KnowledgeGraph, *, verify: bool = False, dry_run: bool = False
    ) -> SyncReport:
        """Make the store hold exactly this graph; see `GraphStore.sync`."""
        if dry_run:
            return synchronise(rehearsal(self._read), graph, verify=verify).report
        report, gone, self._record = synchronise(self._write, graph, self._recall, verify=verify)
        if gone and vector_nodes.version(self._read):
            vector_nodes.forget(self._write, gone)
        return report

    def select(self, cypher: str, params: Params | None = None) -> Selection:
        """Concepts chosen by a read query; see `GraphStore.select`."""
        return selection(self.run(cypher, params))

    def write_vectors(self, iris: Sequence[str], vectors: npt.NDArray[np.floating[Any]]) -> None:
        """Keep one vector a concept as a property of its node; see `GraphStore.write_vectors`."""
        vector_nodes.keep(self._write, merge(None, iris, vectors))

    def nearest(
        self, query: str | npt.NDArray[np.floating[Any]], k: int
    ) -> list[tuple[str, float]]:
        """The `k` most similar concepts by exact cosine; see `GraphStore.nearest`."""
        version = vector_nodes.version(self._read)
        if version != self._vectors[0]:
            self._vectors = (version, vector_nodes.fetch(self._read))
        found = self._vectors[1]
        if found is None:
            raise StoreError(f"{self.uri}: holds no vectors", cure="write vectors first")
        return found.nearest(query, k)

    def export(self) -> KnowledgeGraph:
        """The synced graph, read back without loss."""
        return read_back(self._read)

    def close(self) -> None:
        """Close all connections to the server."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _write(self, cypher: str, params: Params) -> list[Row]:
        return self._ask(cypher, params, False, BULK_TIMEOUT, BULK_ROWS)

    def _read(self, cypher: str, params: Params) -> list[Row]:
        return self._ask(cypher, params, True, BULK_TIMEOUT, BULK_ROWS)

    def _recall(self, token: str) -> Record | None:
        return self._record if self._record and self._record.token == token else None

    def _ask(
        self, cypher: str, params: Params, read: bool, timeout: float, max_rows: int
    ) -> list[Row]:
        def work(transaction: neo4j.ManagedTransaction) -> list[Row]:
            return _rows(transaction, cypher, params, max_rows)

        return self._managed(work, read=read, timeout=timeout)

    def _managed(self, work: Work[Result], *, read: bool, timeout: float) -> Result:
        """Run `work` in one transaction, again after a transient error, else never twice."""
        from neo4j import unit_of_work

        limited = unit_of_work(timeout=timeout)(work)
        with (
            self._errors(),
            self._driver.session(database=self._database, fetch_size=FETCH) as session,
        ):
            execute = session.execute_read if read else session.execute_write
            return execute(limited)

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        """The driver's errors as ours, which name the server and no secret."""
        from neo4j.exceptions import DriverError, Neo4jError

        try:
            yield
        except (DriverError, Neo4jError, OSError) as error:  # OSError: cut off while connecting
            raise _translated(error, self.uri) from error
        except (TypeError, ValueError, OverflowError) as error:
            raise StoreError(f"a parameter cannot be stored: {error}") from error


def _checked(uri: str) -> str:
    """The address, if it is one that an error message may repeat."""
    parts = urlsplit(uri)
    if parts.scheme not in SCHEMES:
        known = ", ".join(sorted(f"{scheme}://" for scheme in SCHEMES))
        raise StoreError(f"{parts.scheme}:// is no address of a graph store", cure=f"use {known}")
    if "@" in parts.netloc:
        raise StoreError(
            "an address with a user name or password in it",
            cure="set NEO4J_USERNAME and NEO4J_PASSWORD instead",
        )
    return uri


def _driver(uri: str, auth: tuple[str, str] | None) -> neo4j.Driver:
    try:
        import neo4j
    except ImportError as error:
        raise StoreError(
            "the driver for Neo4j is not installed", cure='pip install "kgtransfer[neo4j]"'
        ) from error
    return neo4j.GraphDatabase.driver(
        uri,
        auth=auth,
        connection_timeout=10.0,
        max_transaction_retry_time=RETRIES,
        notifications_min_severity="OFF",
        telemetry_disabled=True,
    )


def _translated(error: Exception, uri: str) -> StoreError:
    code = str(getattr(error, "code", None) or "").rpartition(".")[2]
    kind = type(error).__name__
    text = str(getattr(error, "message", None) or error)
    if code == "AccessMode" or "read access mode" in text.lower():
        return QueryRefused(f"{uri}: {text}", cure="pass read=False (--write) if you mean it")
    if code.startswith("TransactionTimedOut"):
        kind, text = "TransactionTimedOut", f"timed out: {text}"
    elif kind in ("ClientError", "DatabaseError", "TransientError") and code:
        kind = code
    return StoreError(f"{uri}: {kind}: {text}", cure=_CURES.get(kind, ""))


def _rows(
    transaction: neo4j.ManagedTransaction, cypher: str, params: Params, max_rows: int
) -> list[Row]:
    result = transaction.run(cast("Any", cypher), dict(params))
    names = result.keys()
    rows: list[Row] = []
    for record in result:
        if len(rows) == max_rows:
            raise StoreError(
                f"RowCap: more than {max_rows:,} rows",
                cure="add LIMIT, aggregate, or raise max_rows",
            )
        rows.append(dict(zip(names, map(_plain, record.values()), strict=True)))
    return rows


def _plain(value: Any) -> Any:
    """The driver's nodes, relationships, paths and times in the form that all stores share."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return _plain_object(value)


def _plain_object(value: Any) -> Any:
    from neo4j.graph import Node, Path, Relationship

    if isinstance(value, Node):
        # `Resource` first, as the sync wrote it; the server returns labels in any order.
        labels = sorted(value.labels, key=lambda label: (label != "Resource", label))
        return {"labels": labels, "properties": _plain(dict(value.items()))}
    if isinstance(value, Relationship):
        return {"type": value.type, "properties": _plain(dict(value.items()))}
    if isinstance(value, Path):
        return {"nodes": _plain([*value.nodes]), "relationships": _plain([*value.relationships])}
    native = value.to_native() if hasattr(value, "to_native") else value
    if isinstance(native, datetime) and (offset := native.utcoffset()) is not None:
        return native.replace(tzinfo=timezone(offset))
    return native
