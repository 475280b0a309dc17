"""The graph that a store or an ontology holds, whichever of the two is named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.knowledge.io.sources import ARCHIVE, SUFFIXES, holds_ontologies, unpacked_suffix
from kgtransfer.store import connect
from kgtransfer.store.embedded.path import existing

if TYPE_CHECKING:
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["graph_of"]


def graph_of(source: str) -> KnowledgeGraph:
    """Ontology (file, folder or archive) or store (file or address) -> its graph.

    Raises:
        OntologyError: the ontology cannot be read.
        StoreError: the store is not there, or cannot be opened.
    """
    path = Path(source)
    is_file = unpacked_suffix(path) in (*SUFFIXES, ARCHIVE)
    if "://" not in source and (is_file or holds_ontologies(path)):
        return read_ontology(path)
    with connect(existing(source)) as store:
        return store.export()
