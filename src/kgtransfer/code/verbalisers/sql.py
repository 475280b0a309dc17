"""SQL queries: the tables, columns and parts that they name, and what people say for them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING
from urllib.parse import unquote

from kgtransfer.code.graphs.api import readable
from kgtransfer.code.verbalisers.base import Step, Verbaliser

if TYPE_CHECKING:
    from kgtransfer.code.corpus import Snippet
    from kgtransfer.code.verbalisers.base import Around, ConceptWords
    from kgtransfer.code.verbalisers.sql_wording import SqlWords

__all__ = ["SQL", "SQL_QUERIES"]

SQL = "https://w3id.org/kgtransfer/sql#"
WORDINGS = 4  # queries worded from the graph, for each piece of code
#: What SQL itself says for its parts, without any graph, where that is not their name.
KEYWORDS = {
    "average": "avg",
    "minimum": "min",
    "maximum": "max",
    "notEqual": "not equal",
    "lessOrEqual": "less or equal",
    "greaterOrEqual": "greater or equal",
    "groupBy": "group by",
    "orderBy": "order by",
    "isNull": "is null",
    "descending": "desc",
    "ascending": "asc",
}


def sql_code_queries(snippet: Snippet) -> list[str]:
    """A query -> what it asks for, in its own identifiers and keywords, taken apart."""
    return list(dict.fromkeys([_worded(snippet, _code_words()), readable(snippet.code)]))


def sql_graph_queries(snippet: Snippet, around: Around) -> list[str]:
    """A query and the concepts around it -> what it asks for, in several wordings."""
    draws = random.Random(snippet.code)  # the same wordings every time
    wordings = [_worded(snippet, _graph_words(around, draws)) for _ in range(WORDINGS)]
    return list(dict.fromkeys(wordings))


def sql_context(snippet: Snippet, around: Around) -> str:
    """A query and the concepts around it -> what it asks for, in the words that stand first."""
    return _worded(snippet, _graph_words(around, None))


def _worded(snippet: Snippet, words: SqlWords) -> str:
    from kgtransfer.code.languages.sql import parse
    from kgtransfer.code.verbalisers.sql_wording import in_words

    tree = parse(snippet.code)
    return (in_words(tree, words) if tree else "") or readable(snippet.code)


def _code_words() -> SqlWords:
    from kgtransfer.code.verbalisers.sql_wording import SqlWords

    return SqlWords(
        part=lambda name: KEYWORDS.get(name, name),
        table=readable,
        column=lambda _table, name: readable(name),
    )


def _graph_words(around: Around, draws: random.Random | None) -> SqlWords:
    """The words of the concepts around a query: label or synonym, by draw where there is one."""
    from kgtransfer.code.verbalisers.sql_wording import SqlWords

    parts, tables, columns = (
        {name(iri): _choice(words, draws) for iri, words in around.get(relation, {}).items()}
        for relation, name in (("parts", _local), ("tables", _path), ("columns", _path))
    )

    def column(table: str, name: str) -> str:
        ending = f"/{table}/{name}" if table else f"/{name}"
        found = (said for key, said in columns.items() if f"/{key}".endswith(ending.lower()))
        return next(found, readable(name))

    return SqlWords(
        part=lambda name: parts.get(name, KEYWORDS.get(name, name)),
        table=lambda name: tables.get(name.lower(), readable(name)),
        column=column,
    )


def _choice(words: ConceptWords, draws: random.Random | None) -> str:
    if draws is None:
        return words.synonyms[0] if words.synonyms else words.label
    return draws.choice([words.label, *words.synonyms])


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]


def _path(iri: str) -> str:
    """IRI of a table or column -> `table` or `table/column` in lower case."""
    return unquote(iri.split("/database/")[-1].partition("/")[2]).lower()


SQL_QUERIES = Verbaliser(
    vocabulary="ontology/sql.ttl",
    namespace=SQL,
    paths={
        "tables": (Step("reads", to=("Table",)),),
        "columns": (Step("reads", to=("Column",)),),
        "parts": (Step("uses"),),
    },
    code_queries=sql_code_queries,
    graph_queries=sql_graph_queries,
    context=sql_context,
    shown=("sql_most_read",),
)
