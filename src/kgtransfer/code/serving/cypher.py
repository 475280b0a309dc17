"""A run's graph -> rows of Cypher that only reads, a few statements at once."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

from kgtransfer.code.serving.limits import Limits
from kgtransfer.errors import DataError, QueryRefused, StoreError
from kgtransfer.runs.experiment import STORE
from kgtransfer.store import connect
from kgtransfer.store.security import parameter_names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.store import GraphStore

__all__ = ["Busy", "CypherAnswers"]


class Busy(StoreError):
    """More is asked at once than is answered at once."""


class CypherAnswers:
    """Answers Cypher about a run; the run's own store is never written.

    The store is opened by the first statement: the run's own as long as it says what is served,
    one in a private temporary folder where the run has none, or once `follow` gave another graph.

    Args:
        folder: of the run.
        graph: of the run.
        limits: rows, seconds and statements at once.
    """

    def __init__(self, folder: Path, graph: KnowledgeGraph, limits: Limits | None = None) -> None:
        self._folder, self.limits = folder, limits or Limits()
        self._graph: Callable[[], KnowledgeGraph] = lambda: graph
        self._is_own = not (folder / STORE).is_file()
        self._room: TemporaryDirectory[str] | None = None
        self._store: GraphStore | None = None
        self._stale = True
        self._opening = threading.Lock()
        self._places = threading.BoundedSemaphore(self.limits.statements)

    def run(self, cypher: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Statement and values of its parameters -> rows.

        Raises:
            QueryRefused: it could write or reach outside.
            DataError: it is too long, or a parameter has no value.
            StoreError: it is wrong, takes too long or returns too much.
            Busy: too many statements run already.
        """
        if not 0 < len(cypher) <= self.limits.cypher:
            raise DataError(
                f"a statement of {len(cypher):,} characters",
                cure=f"give Cypher of at the most {self.limits.cypher:,}",
            )
        if missing := sorted(parameter_names(cypher) - parameters.keys()):
            raise DataError(
                f"no value for ${', $'.join(missing)}", cure="give it among the parameters"
            )
        if not self._places.acquire(blocking=False):
            raise Busy("too many statements run already", cure="ask again in some seconds")
        try:
            return self._opened().run(
                cypher, parameters, timeout=self.limits.seconds, max_rows=self.limits.rows
            )
        except QueryRefused as error:
            raise QueryRefused(error.message, cure="only statements that read are run") from error
        finally:
            self._places.release()

    def follow(self, graph: Callable[[], KnowledgeGraph]) -> None:
        """From now on answer about another graph, which is taken by the next statement."""
        with self._opening:
            self._graph, self._stale, self._is_own = graph, True, True

    def close(self) -> None:
        """Let go of the store."""
        with self._opening:
            self._leave()
            if self._room is not None:
                self._room.cleanup()
                self._room = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _opened(self) -> GraphStore:
        with self._opening:
            if self._store is not None and not self._stale:
                return self._store
            if not self._is_own:
                self._store = connect(self._folder / STORE)
            else:
                self._sync()
            self._stale = False
            assert self._store is not None
            return self._store

    def _sync(self) -> None:
        """The graph into a store of our own; what it says already is not written again."""
        if self._room is None:
            self._leave()
            self._room = TemporaryDirectory(prefix="kgtransfer-")
            place = Path(self._room.name) / STORE
            if (self._folder / STORE).is_file():
                shutil.copyfile(self._folder / STORE, place)
            self._store = connect(place)
        assert self._store is not None
        self._store.sync(self._graph())

    def _leave(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None
