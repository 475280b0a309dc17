"""What every graph store does: Cypher in, rows out, and a knowledge graph kept in step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeAlias

from kgtransfer.errors import StoreError

if TYPE_CHECKING:
    from types import TracebackType

    import numpy as np
    import numpy.typing as npt

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["GraphStore", "Params", "Row", "Selection", "Statement", "SyncReport", "timed_out"]

Params: TypeAlias = Mapping[str, Any]
Row: TypeAlias = dict[str, Any]
Statement: TypeAlias = tuple[str, Params]


@dataclass(frozen=True, slots=True)
class Selection:
    """Concepts that a Cypher query chose, in its order and without duplicates.

    Args:
        iris: the chosen concepts.
        weights: one number each, where the query returned a second column.
    """

    iris: tuple[str, ...]
    weights: tuple[float, ...] | None = None

    def __len__(self) -> int:
        return len(self.iris)

    def __iter__(self) -> Iterator[str]:
        return iter(self.iris)

    def __contains__(self, iri: object) -> bool:
        return iri in self.iris


@dataclass(frozen=True, slots=True)
class SyncReport:
    """Nodes and relationships that a `sync` wrote, and the wall time it took."""

    nodes_added: int = 0
    nodes_changed: int = 0
    nodes_removed: int = 0
    nodes_unchanged: int = 0
    edges_added: int = 0
    edges_removed: int = 0
    edges_unchanged: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"store: {self.nodes_added:,} nodes added, {self.nodes_changed:,} changed, "
            f"{self.nodes_removed:,} removed; {self.edges_added:,} links added, "
            f"{self.edges_removed:,} removed ({self.seconds:.1f} s)"
        )

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        written = (self.nodes_added, self.nodes_changed, self.nodes_removed)
        return any((*written, self.edges_added, self.edges_removed))


class GraphStore(Protocol):
    """A property graph that holds a knowledge graph and answers Cypher.

    Every method raises `StoreError` when the engine cannot be reached or refuses its work.
    """

    def run(
        self,
        cypher: str,
        params: Params | None = None,
        *,
        read: bool = True,
        timeout: float = 30.0,
        max_rows: int = 100_000,
    ) -> list[Row]:
        """Run one Cypher statement.

        Args:
            cypher: the statement; values belong into `params`.
            params: values of its `$names`.
            read: refuse a statement that could write or reach outside (`QueryRefused`).
            timeout: seconds after which the statement is given up.
            max_rows: a statement that returns more is an error, never a shortened answer.

        Returns:
            One dict a row. Nodes are `{"labels": [...], "properties": {...}}`, relationships
            `{"type": ..., "properties": {...}}`, paths `{"nodes": [...], "relationships": [...]}`.
        """

    def transact(
        self, statements: Sequence[Statement], *, timeout: float = 600.0
    ) -> list[list[Row]]:
        """Run statements that may write, in order, in one transaction: all or nothing.

        Args:
            statements: Cypher and parameters of each.
            timeout: seconds after which the whole transaction is given up.

        Returns:
            The rows of each statement.
        """

    def sync(
        self, graph: KnowledgeGraph, *, verify: bool = False, dry_run: bool = False
    ) -> SyncReport:
        """Make the store hold exactly this graph; write only what differs.

        Idempotent; a sync that was interrupted is completed by the next one. Nodes that no
        sync made stay as they are.

        Args:
            graph: what the store shall hold; synced nodes that are not in it are removed.
            verify: compare with what the store really holds, and repair what other writers did
                to synced nodes; else what the last sync noted is taken for true.
            dry_run: write nothing, and report what would be written.
        """

    def select(self, cypher: str, params: Params | None = None) -> Selection:
        """Query -> the concepts it returns: an IRI (or node), and maybe a weight, a row."""

    def write_vectors(self, iris: Sequence[str], vectors: npt.NDArray[np.floating[Any]]) -> None:
        """Keep one vector a concept, `[concepts, d]`, in float32; replaces those it had."""

    def nearest(
        self, query: str | npt.NDArray[np.floating[Any]], k: int
    ) -> list[tuple[str, float]]:
        """Concept or vector `[d]` -> the `k` concepts of highest cosine, itself left out."""

    def is_half_way(self) -> bool:
        """Whether a sync was cut off, or still runs: what the store says is part old, part new."""
        ...

    def export(self) -> KnowledgeGraph:
        """The synced graph read back, with no loss."""

    def close(self) -> None:
        """Let go of the store; what was written stays."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def timed_out(place: str, timeout: float) -> StoreError:
    """Store and seconds -> the error of a statement that was given up after them."""
    return StoreError(
        f"{place}: timed out: the statement took longer than {timeout:g} s",
        cure="narrow the query or allow it more time",
    )
