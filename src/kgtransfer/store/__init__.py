"""Graph stores: a knowledge graph as a property graph that answers Cypher."""

from __future__ import annotations

from pathlib import Path

from kgtransfer.errors import StoreError
from kgtransfer.store.base import GraphStore, Selection, SyncReport

__all__ = ["GraphStore", "Selection", "SyncReport", "connect"]

DEFAULT = Path(".kgtransfer") / "store.kglite"


def connect(where: str | Path | None = None) -> GraphStore:
    """Open a graph store.

    Args:
        where: a database file, or a folder that has or gets one; by default
            `.kgtransfer/store.kglite` in the current folder.

    Raises:
        StoreError: an address of a server (this version has the embedded store only), or a
            file that cannot be opened.
    """
    scheme, mark, _ = str(where or "").partition("://")
    if mark:
        raise StoreError(
            f"{scheme}:// is the address of a server; this version has the embedded store only",
            cure="give the path of a file instead",
        )
    from kgtransfer.store.embedded import EmbeddedStore

    path = Path(where or DEFAULT)
    return EmbeddedStore(path / DEFAULT.name if path.is_dir() else path)
