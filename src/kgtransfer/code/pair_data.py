"""A file of queries and code, and of a graph -> data of code search, in the words of its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from kgtransfer.code.graphs.bash import build_bash_graph, documented_examples, pages_of
from kgtransfer.code.graphs.tldr import read_pages
from kgtransfer.code.json_lines import JSON_LINES
from kgtransfer.code.pairs import pairs_corpus, read_pairs
from kgtransfer.code.verbalisers.bash import SHELL
from kgtransfer.code.verbalisers.sql import SQL_QUERIES
from kgtransfer.errors import ConfigError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.utils.data_paths import find_data

if TYPE_CHECKING:
    from kgtransfer.code.corpus import Query, SearchCorpus, Snippet
    from kgtransfer.code.pairs import Pair
    from kgtransfer.code.verbalisers.base import Verbaliser

__all__ = ["KINDS", "KindOfCode", "PairData", "read_pair_data"]

GraphBuilder: TypeAlias = Callable[[Path | None, Sequence["Snippet"]], KnowledgeGraph]
"""File of a graph, if there is one, and the code -> the graph that the code is grounded on."""
DocumentedCode: TypeAlias = Callable[[Path, Sequence["Snippet"]], "Sequence[Query]"]
"""File of a graph, and the code -> queries that the graph itself answers."""
MOSTLY = 0.9  # of the rows that are looked at
LOOKED_AT = 200


@dataclass(frozen=True)
class KindOfCode:
    """A kind of code that rows of a file may be of.

    Attributes:
        verbaliser: how it is grounded, and said in words.
        build: makes its graph.
        is_one: whether a text is code of this kind.
        documented: what the file of the graph itself says that code is for.
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
        graph_file: that the graph is made of; None where the code alone says it.
    """

    corpus: SearchCorpus
    kind: KindOfCode
    graph_file: Path | None

    def graph(self) -> KnowledgeGraph:
        """The graph that the code is grounded on."""
        documented = (query.answer for query in self.corpus.documented)
        snippets = dict.fromkeys((*self.corpus.documents, *self.corpus.adaptation, *documented))
        return self.kind.build(self.graph_file, tuple(snippets))


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
        graph: what is known: Turtle, or a file that the kind of code reads.
        kind: of code: a key of `KINDS`, or one of your own; by default what most rows look like.
        scored: the split that is searched and scored.
        query: name of the column of queries.
        code: name of the column of code.

    Raises:
        DataError: a file is missing or malformed, or has nothing to search.
        ConfigError: there is no such kind of code, or none that the rows look like.
    """
    file = find_data(path, "code")
    pairs = read_pairs(file, query=query, code=code)
    known = _kind(pairs, kind, path) if isinstance(kind, str) else kind
    corpus = pairs_corpus(pairs, scored=scored, path=path)
    graph_file = find_data(graph, "code") if graph else None
    if graph_file is not None:
        held_out = {_flat(query) for query in corpus.held_out}
        documented = known.documented(graph_file, corpus.adaptation)
        kept = tuple(query for query in documented if _flat(query.text) not in held_out)
        corpus = replace(corpus, documented=kept)
    return PairData(corpus, known, graph_file)


def _flat(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def _kind(pairs: Sequence[Pair], name: str, path: str) -> KindOfCode:
    if name:
        if name not in KINDS:
            raise ConfigError(f"no kind of code {name!r}", cure=f"kinds are: {', '.join(KINDS)}")
        return KINDS[name]
    sample = pairs[:: max(1, len(pairs) // LOOKED_AT)]
    for kind in KINDS.values():
        if sum(kind.is_one(pair.code) for pair in sample) >= MOSTLY * len(sample):
            return kind
    raise ConfigError(
        f"{path}: its code looks like none of {', '.join(KINDS)}",
        cure="name its kind: --set data.kind=NAME",
    )


def _sql_graph(file: Path | None, queries: Sequence[Snippet]) -> KnowledgeGraph:
    """Only databases that a query is asked of: others would condition nothing."""
    from kgtransfer.code.graphs.schemas import read_schemas
    from kgtransfer.code.graphs.sql import build_sql_graph

    if file is not None and not file.name.endswith((*JSON_LINES, ".sql")):
        return read_ontology(file) | build_sql_graph((), queries)
    named = {query.module for query in queries}
    schemas = read_schemas(file) if file is not None else []
    return build_sql_graph([s for s in schemas if s.name in named], queries)


def _is_sql(code: str) -> bool:
    from kgtransfer.code.languages.sql import parse

    return parse(code) is not None


def _bash_graph(file: Path | None, lines: Sequence[Snippet]) -> KnowledgeGraph:
    return build_bash_graph(pages_of(read_pages(file), lines) if file else [], lines)


def _bash_documented(file: Path, lines: Sequence[Snippet]) -> list[Query]:
    return documented_examples(pages_of(read_pages(file), lines))


def _is_bash(code: str) -> bool:
    """What a shell runs begins with a name, and most often goes on with words and flags."""
    return re.match(r"\s*[\w./~$-]+( +[^=(]|$)", code) is not None


KINDS: Mapping[str, KindOfCode] = {
    "sql": KindOfCode(SQL_QUERIES, _sql_graph, _is_sql),
    "bash": KindOfCode(SHELL, _bash_graph, _is_bash, _bash_documented),
}
"""Name -> kind of code."""
