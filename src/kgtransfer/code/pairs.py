"""JSON lines of queries and code -> documents to find, queries for them, code to adapt on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kgtransfer.code.corpus import Query, SearchCorpus, Snippet
from kgtransfer.code.json_lines import json_lines
from kgtransfer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

__all__ = ["SNIPPET", "SPLITS", "Pair", "pairs_corpus", "read_pairs"]

SNIPPET = "https://w3id.org/kgtransfer/snippet/"
"""What the IRIs of pieces of code begin with that have no other name."""
SPLITS = {"train": "train", "dev": "dev", "valid": "dev", "validation": "dev", "test": "test"}
"""What a split may be called -> what it is."""
NAMES = ("name", "db_id")  # columns that say more of a piece of code, where there are any


@dataclass(frozen=True)
class Pair:
    """A row of a file: what is asked, the code that answers it, and where the row belongs.

    Attributes:
        id: of the row; unique in its file.
        query: empty where there is code alone.
        code: its text.
        split: `train`, `dev`, `test`, or empty for code alone that is of none.
        name: the code's own name.
        module: where it stands: for an SQL query its database.
    """

    id: str
    query: str
    code: str
    split: str
    name: str = ""
    module: str = ""


def read_pairs(path: Path, *, query: str = "query", code: str = "code") -> list[Pair]:
    """File -> its rows, in their order.

    A row has the columns of query and code; `split`, without which it is test data; `id`, `name`
    and `db_id` (the database of an SQL query), if there are any. A row without a query is code to
    adapt on; it is searched, too, where it names the split that is searched.

    Args:
        path: `.jsonl` or `.jsonl.gz`.
        query: name of the column of queries.
        code: name of the column of code.

    Raises:
        DataError: a row lacks code, is of an unknown split, or has the `id` of another.
    """
    rows: dict[str, tuple[int, Pair]] = {}
    for line, row in json_lines(path):
        pair = _pair(row, f"{path}:{line}", f"row-{line}", query, code)
        if pair.id in rows:
            raise DataError(
                f"{path}:{line}: its id {pair.id!r} is that of line {rows[pair.id][0]} too",
                cure="give each row an id of its own, or none",
            )
        rows[pair.id] = line, pair
    if not rows:
        raise DataError(f"{path}: empty", cure='write one object a line: {"query": .., "code": ..}')
    return [pair for _, pair in rows.values()]


def pairs_corpus(pairs: Sequence[Pair], *, scored: str = "test", path: str = "") -> SearchCorpus:
    """Rows -> the code of one split as the pool, its queries, and all code to adapt on.

    The code to adapt on is that of the pool, of the split `train` and of rows without a query;
    their queries are not: those of `train` stand for human labels. Any other split stays out.
    Equal code is one document; a query that is asked twice for the same code counts once.

    Args:
        pairs: rows.
        scored: the split that is searched and scored: `test`, or `dev` to choose settings by.
        path: of the file, for messages.

    Raises:
        DataError: the split has no query, or its code is all the same.
    """
    asked = [pair for pair in pairs if pair.split == scored]
    documents = _snippets(asked)
    queries = tuple(_queries(asked, documents))
    if len(documents) < 2 or not queries:
        raise DataError(
            f"{path}: {len(queries)} queries of the split {scored!r}, about {len(documents)} "
            "different pieces of code: nothing to search among",
            cure=f'mark rows with "split": "{scored}", or leave splits out: all is test then'
            if any(pair.query for pair in pairs)
            else "name the column of queries: --set data.query=NAME",
        )
    train = [p for p in pairs if p.split == "train" and _key(p) not in documents]
    alone = [pair for pair in pairs if not pair.split]
    known = documents | _snippets(train)
    known |= _snippets(alone, known)
    return SearchCorpus(
        documents=tuple(documents.values()),
        dev=queries if scored == "dev" else (),
        labelled=tuple(_queries(train, known)),
        test=queries if scored == "test" else (),
        adaptation=tuple(known.values()),
    )


def _pair(row: Mapping[str, Any], place: str, number: str, query: str, code: str) -> Pair:
    columns = ", ".join(row) or "none"
    for column in (query, code, "split", "id", *NAMES):
        if not isinstance(row.get(column) or "", str):
            raise DataError(f"{place}: {column} is no text", cure="put it in quotes")
    if not (row.get(code) or "").strip():
        raise DataError(
            f"{place}: no code in a column {code!r}; its columns are: {columns}",
            cure="name the column of code: --set data.code=NAME",
        )
    if query not in row and query != "query":
        raise DataError(
            f"{place}: no column {query!r}; its columns are: {columns}",
            cure="name the column of queries: --set data.query=NAME",
        )
    text = " ".join((row.get(query) or "").split())
    split = row.get("split") or ("test" if text else "")
    if split and split not in SPLITS:
        raise DataError(
            f"{place}: unknown split {split!r}", cure=f"splits are: {', '.join(SPLITS)}, or none"
        )
    name, module = (row.get(column) or "" for column in NAMES)
    split = SPLITS.get(split, "")
    return Pair(row.get("id") or number, text, row[code], split, name, module)


def _snippets(
    pairs: Iterable[Pair], known: Mapping[str, Snippet] | None = None
) -> dict[str, Snippet]:
    """Text of the code -> the piece of code, the first of equal ones; those known are left out."""
    snippets: dict[str, Snippet] = {}
    for pair in pairs:
        key = _key(pair)
        if key not in snippets and key not in (known or {}):
            iri = SNIPPET + quote(pair.id, safe="._-")
            snippets[key] = Snippet(iri, pair.name, pair.module, pair.code)
    return snippets


def _queries(pairs: Iterable[Pair], snippets: Mapping[str, Snippet]) -> list[Query]:
    return list(
        dict.fromkeys(Query(pair.query, snippets[_key(pair)]) for pair in pairs if pair.query)
    )


def _key(pair: Pair) -> str:
    return pair.code.strip()
