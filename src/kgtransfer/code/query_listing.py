"""Data of code search and its graph -> lines that show what is learned from, before anything is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.code.grounder import CodeGrounder
from kgtransfer.code.verbalisers.base import ConceptWords

if TYPE_CHECKING:
    from kgtransfer.code.corpus import Snippet
    from kgtransfer.code.data import CodeData
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["query_listing"]

WIDEST = 100  # characters of code that are shown


def query_listing(data: CodeData, graph: KnowledgeGraph, count: int) -> list[str]:
    """The queries by rule of some code, spread over all that is adapted on, and its context.

    Args:
        data: what `read_code` gave.
        graph: the graph with its vocabulary.
        count: of pieces of code.
    """
    every = data.main.adaptation
    chosen = every[:: max(1, len(every) // count)][:count]
    grounding = CodeGrounder(graph, graph.concepts, verbaliser=data.verbaliser).ground(chosen)
    lines = []
    for row, snippet in enumerate(chosen):
        around = {
            relation: {iri: ConceptWords.of(iri, graph) for iri in iris}
            for relation, iris in grounding.concepts_of(row).items()
        }
        said = data.verbaliser
        lines.append(_title(snippet))
        lines += [f"  from the code: {query}" for query in said.code_queries(snippet)]
        lines += [f"  from the graph: {query}" for query in said.graph_queries(snippet, around)]
        lines.append(f"  in context: {_short(said.context(snippet, around))}")
    for query in data.main.documented[:count]:
        lines += [_title(query.answer), f"  documented: {query.text}"]
    return lines


def _title(snippet: Snippet) -> str:
    return snippet.name or _short(snippet.code)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= WIDEST else f"{flat[: WIDEST - 3]}..."
