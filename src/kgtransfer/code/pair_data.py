"""A file of queries and code, and of a graph -> data of code search, in the words of its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from kgtransfer.code.graphs.bash import (
    blank_pages,
    build_bash_graph,
    documented_examples,
    pages_in,
    pages_of,
)
from kgtransfer.code.graphs.called import build_called_graph, called_examples, documented
from kgtransfer.code.graphs.tldr import read_pages
from kgtransfer.code.json_lines import JSON_LINES
from kgtransfer.code.pairs import pairs_corpus, read_pairs
from kgtransfer.code.verbalisers.bash import SHELL
from kgtransfer.code.verbalisers.calls import CALLS
from kgtransfer.code.verbalisers.sql import SQL_QUERIES
from kgtransfer.errors import ConfigError, DataError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.utils.data_paths import find_data
from kgtransfer.utils.resources import expanded

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.code.corpus import Query, SearchCorpus
    from kgtransfer.code.graphs.called import Documented
    from kgtransfer.code.graphs.tldr import Page
    from kgtransfer.code.pairs import Pair
    from kgtransfer.code.verbalisers.base import Verbaliser

__all__ = ["KINDS", "KindOfCode", "PairData", "read_pair_data"]

GraphBuilder: TypeAlias = Callable[[str, "SearchCorpus"], KnowledgeGraph]
"""What is known, if anything, and a corpus -> the graph that its code is grounded on."""
DocumentedCode: TypeAlias = Callable[[str, "SearchCorpus"], "Sequence[Query]"]
"""What is known, and a corpus -> queries that the knowledge itself answers."""
MOSTLY = 0.9  # of the rows that are looked at
LOOKED_AT = 200


@dataclass(frozen=True)
class KindOfCode:
    """A kind of code that rows of a file may be of.

    Attributes:
        verbaliser: how it is grounded, and said in words.
        build: makes its graph.
        is_one: whether a text is code of this kind.
        documented: what the knowledge itself says that code is for.
    """

    verbaliser: Verbaliser
    build: GraphBuilder
    is_one: Callable[[str], bool]
    documented: DocumentedCode = lambda *_: ()


@dataclass(frozen=True)
class PairData:
    """What a file of queries and code holds.

    Attributes:
        corpus: documents, queries and code to adapt on.
        kind: of the code.
        source: what is known: a file, or whatever else the kind reads; empty where the code alone
            says it.
    """

    corpus: SearchCorpus
    kind: KindOfCode
    source: str = ""

    def graph(self) -> KnowledgeGraph:
        """The graph that the code is grounded on."""
        return self.kind.build(self.source, self.corpus)


def read_pair_data(
    path: str,
    *,
    graph: str = "",
    kind: str | KindOfCode = "",
    scored: str = "test",
    query: str = "query",
    code: str = "code",
) -> PairData:
    """File of JSON lines -> what it holds.

    Args:
        path: `.jsonl` or `.jsonl.gz`; see `read_pairs`.
        graph: what is known: schemas of SQL's databases (see `read_schemas`) or Turtle; tldr pages
            of shell commands (see `read_pages`); code bases whose functions other code calls, with
            commas between (see `documented`).
        kind: of code: a key of `KINDS`, or one of your own; by default what most rows look like.
        scored: the split that is searched and scored.
        query: name of the column of queries.
        code: name of the column of code.

    Raises:
        DataError: a file is missing or malformed, or has nothing to search.
        ConfigError: there is no such kind of code.
    """
    file = find_data(path, "code")
    pairs = read_pairs(file, query=query, code=code)
    known = _kind(pairs, kind) if isinstance(kind, str) else kind
    corpus = pairs_corpus(pairs, scored=scored, path=path)
    if graph:
        held_out = {_flat(query) for query in corpus.held_out}
        examples = known.documented(graph, corpus)
        kept = tuple(query for query in examples if _flat(query.text) not in held_out)
        corpus = replace(corpus, documented=kept)
    return PairData(corpus, known, graph)


def _flat(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def _kind(pairs: Sequence[Pair], name: str) -> KindOfCode:
    if name:
        if name not in KINDS:
            raise ConfigError(f"no kind of code {name!r}", cure=f"kinds are: {', '.join(KINDS)}")
        return KINDS[name]
    sample = pairs[:: max(1, len(pairs) // LOOKED_AT)]
    return next(
        kind
        for kind in KINDS.values()
        if sum(kind.is_one(pair.code) for pair in sample) >= MOSTLY * len(sample)
    )


def _found(known: str) -> Path:
    """Where it is that is known of code: here, as a file or folder, or among the data."""
    here = expanded(known)
    try:
        return here if here.exists() else find_data(known, "code")
    except DataError as error:
        raise DataError(
            error.message, cure="give the path of schemas, of tldr pages or of Turtle"
        ) from error


def _sql_graph(known: str, corpus: SearchCorpus) -> KnowledgeGraph:
    """Only databases that a query is asked of: others would condition nothing."""
    from kgtransfer.code.graphs.schemas import read_schemas
    from kgtransfer.code.graphs.sql import build_sql_graph

    file = _found(known) if known else None
    if file is not None and not file.name.endswith((*JSON_LINES, ".sql")):
        written = read_ontology(file)
        return written | build_sql_graph((), corpus.snippets, written)
    named = {query.module for query in corpus.snippets}
    schemas = read_schemas(file) if file is not None else []
    return build_sql_graph([s for s in schemas if s.name in named], corpus.snippets)


def _is_sql(code: str) -> bool:
    from kgtransfer.code.languages.sql import parse

    return parse(code) is not None


def _pages(known: str, corpus: SearchCorpus) -> list[Page]:
    if not known:
        return []
    file = _found(known)
    is_rows = file.is_dir() or file.name.endswith(JSON_LINES)
    pages = read_pages(file) if is_rows else pages_in(read_ontology(file))
    return pages_of(pages, corpus.adaptation)


def _bash_graph(known: str, corpus: SearchCorpus) -> KnowledgeGraph:
    pages = _pages(known, corpus) if known else blank_pages(corpus.adaptation)
    return build_bash_graph(pages, corpus.snippets)


def _bash_documented(known: str, corpus: SearchCorpus) -> list[Query]:
    return documented_examples(_pages(known, corpus))


def _is_bash(code: str) -> bool:
    """What a shell runs begins with a name, and most often goes on with words and flags."""
    unquoted = re.sub(r"'[^']*'|\"[^\"]*\"", "", code)
    has_body = re.search(r"\)\s*(->[^{]*|throws [\w\s,.]+)?\{", unquoted)  # of a function
    begins = re.match(r"\s*[\w./~$-]+( +[^=(]|$)", code)
    return begins is not None and has_body is None and "\n" not in code


def _functions(known: str) -> tuple[Documented, ...]:
    return documented(tuple(known.split(","))) if known else ()


def _called_graph(known: str, corpus: SearchCorpus) -> KnowledgeGraph:
    return build_called_graph(_functions(known), corpus.snippets, corpus.held_out)


def _called_documented(known: str, corpus: SearchCorpus) -> list[Query]:
    return called_examples(_functions(known), corpus.adaptation)


KINDS: Mapping[str, KindOfCode] = {
    "sql": KindOfCode(SQL_QUERIES, _sql_graph, _is_sql),
    "bash": KindOfCode(SHELL, _bash_graph, _is_bash, _bash_documented),
    "calls": KindOfCode(CALLS, _called_graph, lambda _: True, _called_documented),
}
"""Name -> kind of code; of a file it is the first that its rows look like."""
