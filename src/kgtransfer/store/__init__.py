"""Graph stores: a knowledge graph as a property graph that answers Cypher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.store.base import GraphStore, Selection, SyncReport
from kgtransfer.store.embedded.path import DEFAULT, address, database_file

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["GraphStore", "Selection", "SyncReport", "connect"]


def connect(
    where: str | Path | None = None,
    *,
    user: str | None = None,
    password: str | None = None,
    database: str | None = None,
) -> GraphStore:
    """Open a graph store: a local file, or a database on a server.

    Args:
        where: a database file, or a folder that has one as `store.kglite`; by default
            `.kgtransfer/store.kglite` in the current folder. Or the address of a Neo4j server,
            `neo4j://host` or `bolt://host:port`, with TLS as `neo4j+s://`, `bolt+s://`.
        user: who signs in at the server; `NEO4J_USERNAME` by default.
        password: `NEO4J_PASSWORD` by default.
        database: name of the server's database; `NEO4J_DATABASE` by default, else its own default.

    Raises:
        StoreError: a server that cannot be reached or refuses the user, or a file that cannot
            be opened.
    """
    server = address(where or "")
    if server:
        from kgtransfer.store.bolt.store import Neo4jStore

        return Neo4jStore(server, user=user, password=password, database=database)
    from kgtransfer.store.embedded.store import EmbeddedStore

    return EmbeddedStore(database_file(DEFAULT if where is None else where))
