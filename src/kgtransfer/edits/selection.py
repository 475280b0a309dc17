"""The store of a run and an edited ontology -> the concepts that may condition after the edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.runs.experiment import STORE
from kgtransfer.store import connect
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["selected_concepts"]


def selected_concepts(
    before: Path, out: Path, graph: KnowledgeGraph, cypher: str
) -> tuple[str, ...]:
    """IRIs of the concepts that a query selects of the edited ontology; the store goes along.

    Args:
        before: folder of the run before the edit, which may hold a store.
        out: folder of the run that follows; its store is synced.
        graph: the edited ontology.
        cypher: the run's selecting query.
    """
    store = before / STORE
    if store.is_file() and not (out / STORE).exists():
        write_atomically(out / STORE, store.read_bytes())
    with connect(out / STORE) as opened:
        opened.sync(graph)
        return opened.select(cypher).iris
