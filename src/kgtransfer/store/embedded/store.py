"""`EmbeddedStore`: a graph store in one local file, with no server to set up."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from kgtransfer.errors import StoreError
from kgtransfer.store.embedded.client import Channel, locked
from kgtransfer.store.embedded.dialect import differences
from kgtransfer.store.embedded.path import database_file
from kgtransfer.store.record import Record
from kgtransfer.store.record import load as load_record
from kgtransfer.store.record import save as save_record
from kgtransfer.store.security import check_read, check_write, only_reads
from kgtransfer.store.selection import selection
from kgtransfer.store.sync import is_half_way, read_back, rehearsal, synchronise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    import numpy as np
    import numpy.typing as npt

    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.store.base import Params, Row, Selection, Statement, SyncReport
    from kgtransfer.store.vectors import Vectors

__all__ = ["EmbeddedStore"]

log = logging.getLogger(__name__)
BULK_TIMEOUT = 600.0  # seconds for one batch of a sync
BULK_ROWS = 100_000_000


class EmbeddedStore:
    """A `GraphStore` in one file, served by kglite in a process of its own.

    Commands that use the same file share that process; it ends by itself some seconds after
    the last of them, and its death costs no committed write.

    Args:
        path: the database file; made with its folder where there is none.
        idle: seconds without clients after which the engine ends.

    Raises:
        StoreError: the file is no database, or cannot be opened or made.
    """

    def __init__(self, path: str | Path, *, idle: float = 30.0) -> None:
        self.path = database_file(path).resolve()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StoreError(f"{self.path.parent}: cannot be made ({error.strerror})") from error
        self._lock = threading.RLock()
        self._record: Record | None = None
        self._noted: str | None = None  # token of the record in the file
        self._unsaved = False
        self._channel = Channel(self.path, idle)
        self._vectors: tuple[object, Vectors | None] = (None, None)
        try:
            self._channel.open()
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be made here ({error.strerror})") from error

    @property
    def engine_pid(self) -> int | None:
        """Process id of the engine this store is connected to."""
        return self._channel.pid

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
        rows, warnings = self._ask(cypher, params or {}, read, timeout, max_rows)
        for warning in (*differences(cypher), *warnings):
            log.warning("%s", warning)
        return rows

    def transact(
        self, statements: Sequence[Statement], *, timeout: float = BULK_TIMEOUT
    ) -> list[list[Row]]:
        """Run statements in one transaction; see `GraphStore.transact`."""
        for cypher, _ in statements:
            check_write(cypher)
        with self._lock:
            self._unsaved = True
            answers = self._channel.transact(statements, timeout=timeout, max_rows=BULK_ROWS)
        return [rows for rows, _ in answers]

    def sync(
        self, graph: KnowledgeGraph, *, verify: bool = False, dry_run: bool = False
    ) -> SyncReport:
        """Make the store hold exactly this graph; see `GraphStore.sync`."""
        with locked(self._beside(".sync")):
            if dry_run:
                return synchronise(rehearsal(self._read), graph, verify=verify).report
            report, gone, self._record = synchronise(
                self._write, graph, self._recall, verify=verify
            )
            vectors = self._load_vectors() if gone else None
            if vectors is not None:
                self._save_vectors(vectors.without(gone))
        return report

    def select(self, cypher: str, params: Params | None = None) -> Selection:
        """Concepts chosen by a read query; see `GraphStore.select`."""
        return selection(self.run(cypher, params))

    def write_vectors(self, iris: Sequence[str], vectors: npt.NDArray[np.floating[Any]]) -> None:
        """Keep one vector a concept, beside the database file; see `GraphStore.write_vectors`."""
        from kgtransfer.store.vectors import merge

        with locked(self._beside(".sync")):
            self._save_vectors(merge(self._load_vectors(), iris, vectors))

    def nearest(
        self, query: str | npt.NDArray[np.floating[Any]], k: int
    ) -> list[tuple[str, float]]:
        """The `k` most similar concepts by exact cosine; see `GraphStore.nearest`."""
        vectors = self._load_vectors()
        if vectors is None:
            raise StoreError(f"{self.path}: holds no vectors", cure="write vectors first")
        return vectors.nearest(query, k)

    def is_half_way(self) -> bool:
        """Whether a sync was cut off, or still runs; see `GraphStore.is_half_way`."""
        return is_half_way(self._read)

    def export(self) -> KnowledgeGraph:
        """The synced graph, read back without loss."""
        return read_back(self._read)

    def close(self) -> None:
        """Leave the engine to the others that use it, or to its end.

        What this store wrote is in the file then, and not in its log only. What was synced is
        noted beside it, so that the next process need not compare all.
        """
        with self._lock:
            if self._unsaved:
                self._save()
            self._channel.close()
            if self._record is not None and self._record.token != self._noted:
                save_record(self._beside(".synced"), self._record)
                self._noted = self._record.token

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
        return self._ask(cypher, params, only_reads(cypher), BULK_TIMEOUT, BULK_ROWS)[0]

    def _read(self, cypher: str, params: Params) -> list[Row]:
        return self._ask(cypher, params, True, BULK_TIMEOUT, BULK_ROWS)[0]

    def _save(self) -> None:
        try:
            self._channel.save(timeout=BULK_TIMEOUT)
        except StoreError as error:  # the log has it all
            log.warning("%s", error)
        self._unsaved = False

    def _ask(
        self, cypher: str, params: Params, read: bool, timeout: float, max_rows: int
    ) -> tuple[list[Row], list[str]]:
        with self._lock:
            self._unsaved = self._unsaved or not read
            return self._channel.ask(cypher, params, read=read, timeout=timeout, max_rows=max_rows)

    def _recall(self, token: str) -> Record | None:
        """The record of the sync that left this token, by this process or another."""
        if self._record is not None and self._record.token == token:
            return self._record
        record = load_record(self._beside(".synced"), token)
        self._noted = record.token if record else None
        return record

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)

    def _load_vectors(self) -> Vectors | None:
        """The vectors file, read again only when another command wrote it."""
        from kgtransfer.store.vectors import load

        file = self._beside(".vectors")
        status = file.stat() if file.exists() else None
        version = status and (status.st_ino, status.st_mtime_ns, status.st_size)
        if version != self._vectors[0]:
            self._vectors = (version, load(file))
        return self._vectors[1]

    def _save_vectors(self, vectors: Vectors) -> None:
        from kgtransfer.store.vectors import save

        save(self._beside(".vectors"), vectors)
