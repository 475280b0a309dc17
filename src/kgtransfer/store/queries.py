"""Named Cypher queries: files under `kg/queries/`, the same text on every engine.

A file starts with comments: first the question that it answers, then a line for every parameter,
`// $name: what it is`.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import DataError
from kgtransfer.store.names import stored_prefixes
from kgtransfer.utils.bounded import json_value
from kgtransfer.utils.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kgtransfer.store.base import GraphStore

__all__ = [
    "Answer",
    "NamedQuery",
    "absent",
    "answer",
    "catalogue",
    "expanded",
    "is_name",
    "named_query",
    "parameters",
    "query_names",
]

FOLDER = "kg/queries"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SHORT = re.compile(r"[\w.-]+:(?!//)\S*")
_KNOWN = "MATCH (n:Resource) WHERE n.uri IN $uris RETURN n.uri AS uri"
_PARAMETER = re.compile(r"\$(\w+):\s*(.*)")


@dataclass(frozen=True)
class NamedQuery:
    """A query and the question that it answers.

    Args:
        name: what it is called by.
        question: its first line of comment.
        cypher: the statement, without its comments.
        params: parameter -> what it is.
    """

    name: str
    question: str
    cypher: str
    params: Mapping[str, str] = field(default_factory=dict)

    def require(self, values: Mapping[str, Any]) -> None:
        """Check that every parameter has a value, and every value a parameter.

        Raises:
            DataError: one has not; engines would take a misspelt one for null.
        """
        if values.keys() == self.params.keys():
            return
        expected = ", ".join(f"${name} ({text})" for name, text in self.params.items())
        names = ", ".join(f"${name}" for name in values) or "none"
        raise DataError(
            f"{self.name} got other parameters than it takes: {names}",
            cure=f"give {expected}" if expected else "give none",
        )

    @property
    def iris(self) -> list[str]:
        """The parameters that are IRIs, as their descriptions say."""
        return [name for name, text in self.params.items() if "IRI" in text]


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


def catalogue() -> list[dict[str, Any]]:
    """All named queries as rows: name, question, and the parameters that each takes."""
    queries = [named_query(name) for name in query_names()]
    return [
        {"query": q.name, "parameters": ", ".join(q.params), "answers": q.question} for q in queries
    ]


def is_name(text: str) -> bool:
    """Whether a text is the name or the path of a query, and no Cypher."""
    return text.endswith(".cypher") or bool(_NAME.fullmatch(text))


def named_query(name: str) -> NamedQuery:
    """Name, or path of a `.cypher` file -> the query.

    Raises:
        DataError: there is no such query.
    """
    path = Path(name) if name.endswith(".cypher") else resource(FOLDER) / f"{name}.cypher"
    if not (is_name(name) and path.is_file()):
        similar = difflib.get_close_matches(name, query_names(), n=1)
        suggestion = f"did you mean {similar[0]}? " if similar else ""
        names = ", ".join(query_names())
        raise DataError(f"no query named {name!r}", cure=f"{suggestion}named queries are: {names}")
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: is no text in UTF-8", cure="give a file of Cypher") from error
    comments = [line.lstrip("/ ") for line in lines if line.startswith("//")]
    matches = (_PARAMETER.fullmatch(line) for line in comments)
    params = {match[1]: match[2] for match in matches if match}
    prose = [line for line in comments if not line.startswith("$")]
    cypher = "\n".join(line for line in lines if not line.startswith("//")).strip()
    return NamedQuery(path.stem, prose[0] if prose else path.stem, cypher, params)


def parameters(pairs: Iterable[str]) -> dict[str, Any]:
    """`name=value` pairs -> a query's parameters; values are JSON where they can be, else text.

    Raises:
        DataError: a pair of another form, or a name that is given twice.
    """
    values: dict[str, Any] = {}
    for pair in pairs:
        name, mark, text = pair.partition("=")
        if not mark or not name.isidentifier() or name in values:
            raise DataError(
                f"{pair!r} is no parameter, or one that is given twice",
                cure="write name=value, as in uri=http://example.org/Cell",
            )
        try:
            values[name] = json_value(text)
        except ValueError:
            values[name] = text
    return values


def expanded(store: GraphStore, query: NamedQuery, params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters with `prefix:name` written out where an IRI is meant, by the store's prefixes."""
    values = dict(params)
    short = [name for name in query.iris if _SHORT.fullmatch(str(params[name]))]
    spaces = stored_prefixes(store.run) if short else {}
    for name in short:
        prefix, _, local = str(params[name]).partition(":")
        if prefix in spaces:
            values[name] = spaces[prefix] + local
    return values


def absent(store: GraphStore, query: NamedQuery, params: Mapping[str, Any]) -> list[str]:
    """Query and parameters -> the IRIs among them that the store does not hold."""
    iris = [str(params[name]) for name in query.iris]
    stored = {row["uri"] for row in store.run(_KNOWN, {"uris": iris})} if iris else set()
    return [iri for iri in iris if iri not in stored]


def answer(store: GraphStore, name: str, params: Mapping[str, Any] | None = None) -> Answer:
    """Name of a query and parameters -> the question, its Cypher, and the store's rows.

    Raises:
        DataError: there is no such query, or it takes other parameters.
    """
    query = named_query(name)
    query.require(params or {})
    return Answer(query.question, query.cypher, store.run(query.cypher, params or {}))
