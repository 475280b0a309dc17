"""Record of the last sync, kept on the client's side so that the next one is quick.

A record is true as long as the store still holds its token, which every writing sync removes at
its start and renews at its end. A record that is stale or missing costs time, nothing else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgtransfer.utils.bounded import json_value
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.store.triple_text import Facts

__all__ = ["Record", "load", "save"]


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """A graph as it was synced.

    Args:
        token: what the store holds as long as this is true.
        facts: the graph's canonical text.
        nodes: how many nodes the sync made for them, and `edges` how many relationships.
        resources: how many nodes are `:Resource`, whoever made them.
    """

    token: str
    facts: Facts
    nodes: int
    edges: int
    resources: int


def save(path: Path, record: Record) -> None:
    """Keep a record beside a database file, which loses nothing if that cannot be done."""
    counts = {"nodes": record.nodes, "edges": record.edges, "resources": record.resources}
    head = json.dumps({"token": record.token, **counts})
    write_atomically(path, f"{head}\n".encode() + record.facts)


def load(path: Path, token: str) -> Record | None:
    """File and token -> the record, None where the file is missing, damaged or of another token."""
    try:
        with path.open("rb") as file:
            head = json_value(file.readline())
            if head.pop("token") != token:
                return None
            return Record(token, file.read(), **head)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
