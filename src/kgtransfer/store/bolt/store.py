"""`Neo4jStore`: a graph store on a server that speaks Bolt, by Neo4j's official driver."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeVar

from kgtransfer.errors import StoreError
from kgtransfer.store.base import timed_out
from kgtransfer.store.bolt import vector_nodes
from kgtransfer.store.bolt.deadline import GRACE, Overdue, within
from kgtransfer.store.bolt.errors import translated
from kgtransfer.store.bolt.lock import sole
from kgtransfer.store.bolt.rows import fetch
from kgtransfer.store.embedded.path import address
from kgtransfer.store.security import check_read, check_write
from kgtransfer.store.selection import selection
from kgtransfer.store.sync import is_half_way, read_back, rehearsal, synchronise
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

__all__ = ["Neo4jStore"]

GREETING = 30.0  # seconds for a server to answer at all
BULK_TIMEOUT = 600.0  # seconds for one batch of a sync
BULK_ROWS = 100_000_000
FETCH = 10_000  # rows a message
RETRIES = 30.0  # seconds in which a transaction that met a transient error is tried again
Result = TypeVar("Result")
Work = Callable[["neo4j.ManagedTransaction"], Result]


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
        self.uri = uri = _checked(uri)
        self._record: Record | None = None  # of this store's last sync
        self._vectors: tuple[str | None, Vectors | None] = (None, None)
        self._database = database or os.environ.get("NEO4J_DATABASE")
        user = user or os.environ.get("NEO4J_USERNAME")
        password = password or os.environ.get("NEO4J_PASSWORD")
        with translated(uri):
            self._driver = _driver(uri, (user, password or "") if user else None)
            try:
                self._greet()
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
            return [fetch(transaction, *statement, BULK_ROWS) for statement in statements]

        return self._managed(work, read=False, timeout=timeout)

    def sync(
        self, graph: KnowledgeGraph, *, verify: bool = False, dry_run: bool = False
    ) -> SyncReport:
        """Make the store hold exactly this graph; see `GraphStore.sync`."""
        if dry_run:
            return synchronise(rehearsal(self._read), graph, verify=verify).report
        with sole(self._write, self._guarded, self.uri) as write:
            report, gone, self._record = synchronise(write, graph, self._recall, verify=verify)
            if gone and vector_nodes.version(self._read):
                vector_nodes.forget(write, gone)
        return report

    def select(self, cypher: str, params: Params | None = None) -> Selection:
        """Concepts chosen by a read query; see `GraphStore.select`."""
        return selection(self.run(cypher, params))

    def write_vectors(self, iris: Sequence[str], vectors: npt.NDArray[np.floating[Any]]) -> None:
        """Keep one vector a concept as a property of its node; see `GraphStore.write_vectors`."""
        with sole(self._write, self._guarded, self.uri) as write:
            vector_nodes.keep(write, merge(None, iris, vectors))

    def nearest(
        self, query: str | npt.NDArray[np.floating[Any]], k: int
    ) -> list[tuple[str, float]]:
        """The `k` most similar concepts by exact cosine; see `GraphStore.nearest`."""
        version = vector_nodes.version(self._read)
        if version != self._vectors[0]:
            self._vectors = (version, vector_nodes.fetch(self._read))
        vectors = self._vectors[1]
        if vectors is None:
            raise StoreError(f"{self.uri}: holds no vectors", cure="write vectors first")
        return vectors.nearest(query, k)

    def is_half_way(self) -> bool:
        """Whether a sync was cut off, or still runs; see `GraphStore.is_half_way`."""
        return is_half_way(self._read)

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

    def _greet(self) -> None:
        """Run an empty query without retries, so that a refused user is refused at once."""
        try:
            with (
                self._driver.session(database=self._database) as session,
                session.begin_transaction() as transaction,
                within(GREETING, transaction),
            ):
                transaction.run("RETURN 1").consume()
        except Overdue as error:
            raise timed_out(self.uri, GREETING) from error

    def _write(self, cypher: str, params: Params) -> list[Row]:
        return self._ask(cypher, params, False, BULK_TIMEOUT, BULK_ROWS)

    def _guarded(self, guard: Statement, statement: Statement) -> list[Row] | None:
        def work(transaction: neo4j.ManagedTransaction) -> list[Row] | None:
            if not fetch(transaction, *guard, BULK_ROWS):
                return None
            return fetch(transaction, *statement, BULK_ROWS)

        return self._managed(work, read=False, timeout=BULK_TIMEOUT)

    def _read(self, cypher: str, params: Params) -> list[Row]:
        return self._ask(cypher, params, True, BULK_TIMEOUT, BULK_ROWS)

    def _recall(self, token: str) -> Record | None:
        return self._record if self._record and self._record.token == token else None

    def _ask(
        self, cypher: str, params: Params, read: bool, timeout: float, max_rows: int
    ) -> list[Row]:
        def work(transaction: neo4j.ManagedTransaction) -> list[Row]:
            return fetch(transaction, cypher, params, max_rows)

        return self._managed(work, read=read, timeout=timeout)

    def _managed(self, work: Work[Result], *, read: bool, timeout: float) -> Result:
        """Run `work` in one transaction, again after a transient error, else never twice."""
        from neo4j import unit_of_work

        end = time.monotonic() + timeout + GRACE

        def limited(transaction: neo4j.ManagedTransaction) -> Result:
            with within(end - time.monotonic(), transaction):
                return work(transaction)

        try:
            with (
                translated(self.uri, timeout),
                self._driver.session(database=self._database, fetch_size=FETCH) as session,
            ):
                execute = session.execute_read if read else session.execute_write
                return execute(unit_of_work(timeout=timeout)(limited))
        except Overdue as error:
            raise timed_out(self.uri, timeout) from error


def _checked(uri: str) -> str:
    server = address(uri)
    if server is None:
        raise StoreError("no address of a server", cure="write neo4j://HOST:PORT")
    return server


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
