"""Concepts that were given another IRI: the same thing under a new name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.vocabulary import OWL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["renamed", "renames"]

DCTERMS = "http://purl.org/dc/terms/"
REPLACED_BY = (  # old -> new
    DCTERMS + "isReplacedBy",
    "http://purl.obolibrary.org/obo/IAO_0100001",
)
REPLACES = (OWL + "sameAs", DCTERMS + "replaces")  # new -> old


def renames(old: KnowledgeGraph, new: KnowledgeGraph) -> dict[str, str]:
    """Old and new graph -> old IRI: new IRI of the concepts that the new graph says it renamed.

    The new graph says so with `owl:sameAs` (either way round), `dcterms:isReplacedBy`,
    `dcterms:replaces`, or "term replaced by" (IAO:0100001). The old name must be one of the old
    graph, and the new name none of it.
    """
    pairs = {
        (before, after)
        for before, after in _said(new)
        if before in old.rows and after in new.rows and after not in old.rows
    }
    return dict(sorted(pairs))


def renamed(graph: KnowledgeGraph, names: Mapping[str, str]) -> KnowledgeGraph:
    """Graph and new names -> the graph with these names for its nodes."""
    if not names:
        return graph
    table = {ox.NamedNode(old): ox.NamedNode(new) for old, new in names.items()}

    def other(term: Any) -> Any:
        return table.get(term, term) if isinstance(term, ox.NamedNode) else term

    return KnowledgeGraph(
        (
            ox.Triple(other(triple.subject), other(triple.predicate), other(triple.object))
            for triple in graph.triples
        ),
        graph.prefixes,
    )


def _said(graph: KnowledgeGraph) -> Iterator[tuple[str, str]]:
    for predicate in REPLACED_BY:
        for subject, value in graph.statements(predicate):
            if isinstance(value, ox.NamedNode):
                yield subject, value.value
    for predicate in REPLACES:
        for subject, value in graph.statements(predicate):
            if isinstance(value, ox.NamedNode):
                yield value.value, subject
    for subject, value in graph.statements(OWL + "sameAs"):
        if isinstance(value, ox.NamedNode):
            yield subject, value.value
