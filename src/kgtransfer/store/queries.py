"""Named Cypher queries: files under `kg/queries/`, each with its question as the first comment."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import DataError
from kgtransfer.resources import resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.store.base import GraphStore

__all__ = ["Answer", "NamedQuery", "answer", "named_query", "query_names"]

FOLDER = "kg/queries"


@dataclass(frozen=True)
class NamedQuery:
    """A query and the question that it answers."""

    name: str
    question: str
    cypher: str


@dataclass(frozen=True)
class Answer:
    """A question, how it was asked, and the rows that came back."""

    question: str
    cypher: str
    rows: list[dict[str, Any]]

    def __str__(self) -> str:
        rows = ("  " + ", ".join(f"{k} {v}" for k, v in row.items()) for row in self.rows)
        return "\n".join((self.question, *rows))

    def to_json(self) -> dict[str, Any]:
        """For a run's details."""
        return asdict(self)


def query_names() -> list[str]:
    """The names of all named queries, sorted."""
    return sorted(path.stem for path in resource(FOLDER).glob("*.cypher"))


def named_query(name: str) -> NamedQuery:
    """A query by name, or from a `.cypher` file by its path.

    Raises:
        DataError: there is no such query.
    """
    path = Path(name) if name.endswith(".cypher") else resource(FOLDER) / f"{name}.cypher"
    if not path.is_file():
        known = ", ".join(query_names())
        raise DataError(f"no query named {name!r}", cure=f"named queries are: {known}")
    lines = path.read_text(encoding="utf-8").splitlines()
    comments = [line.lstrip("/ ") for line in lines if line.startswith("//")]
    cypher = "\n".join(line for line in lines if not line.startswith("//")).strip()
    return NamedQuery(path.stem, comments[0] if comments else path.stem, cypher)


def answer(store: GraphStore, name: str, params: Mapping[str, Any] | None = None) -> Answer:
    """Ask a store a named query."""
    query = named_query(name)
    return Answer(query.question, query.cypher, store.run(query.cypher, params or {}))
