"""Blank nodes -> the named concepts that they belong to: people look for these, not for nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.axioms.annotations import PARTS, SOURCE
from kgtransfer.knowledge.terms import node_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["concept_finder"]


def concept_finder(graph: KnowledgeGraph) -> Callable[[str], str]:
    """Graph -> a function from a node's name to that of the concept it belongs to, else its own.

    An expression, a list or an anonymous individual belongs to what refers to it, an annotation
    to what it annotates; an annotation of an annotation to what the latter is about.
    """
    pointing = [triple for triple in graph.triples if isinstance(triple.object, ox.BlankNode)]
    pointing.sort(key=lambda triple: triple.predicate.value not in PARTS)  # what annotates: first
    parents = {node_name(triple.object): node_name(triple.subject) for triple in pointing}
    parents |= {node: node_name(source) for node, source in graph.statements(SOURCE)}

    def concept_of(node: str) -> str:
        visited = set[str]()
        while node.startswith("_:") and node in parents and node not in visited:
            visited.add(node)
            node = parents[node]
        return node

    return concept_of
