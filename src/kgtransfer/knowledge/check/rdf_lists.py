"""Broken RDF lists: two members in one place, no end, a circle (RDF 1.1 Semantics, D.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.axioms.blank_nodes import concept_finder
from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.terms import node_name
from kgtransfer.knowledge.vocabulary import RDF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["broken_lists"]

FIRST, REST, NIL = (RDF + name for name in ("first", "rest", "nil"))


def broken_lists(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Graph -> violations: what is wrong with lists, at the concepts that they belong to."""
    nodes = {node for part in (FIRST, REST) for node, _ in graph.statements(part)}
    if not nodes:
        return
    concept_of, after = concept_finder(graph), dict[str, str]()
    for node in sorted(nodes):
        first, rest = graph.objects(node, FIRST), graph.objects(node, REST)
        if fault := _fault(graph, node, len(first), rest):
            yield _finding(graph, concept_of(node), fault)
        elif len(rest) == 1:
            after[node] = node_name(rest[0])
    for node in sorted(_on_circles(after)):
        yield _finding(graph, concept_of(node), "has no end: it comes back to where it was")


def _fault(graph: KnowledgeGraph, node: str, firsts: int, rest: tuple[object, ...]) -> str:
    if node == NIL:
        return "goes on after rdf:nil, its end"
    for name, number in (("rdf:first", firsts), ("rdf:rest", len(rest))):
        if number != 1:
            return f"has {'no' if number == 0 else number} {name} in one place"
    end = node_name(rest[0])
    if end != NIL and not graph.objects(end, FIRST) and not graph.objects(end, REST):
        text = graph.compact(end) if isinstance(rest[0], ox.NamedNode) else end
        return f"does not end with rdf:nil, but with {text}"
    return ""


def _on_circles(after: dict[str, str]) -> set[str]:
    """Node -> next node; gives of every circle the node whose name comes first."""
    starts, visited = set[str](), set[str]()
    for start in after:
        path = list[str]()
        node = start
        while node in after and node not in visited:
            visited.add(node)
            path.append(node)
            node = after[node]
        if node in path:
            starts.add(min(path[path.index(node) :]))
    return starts


def _finding(graph: KnowledgeGraph, concept: str, fault: str) -> Finding:
    cure = "write the members in brackets, as in ( ex:a ex:b ), which makes whole lists"
    return Finding.of(graph, concept, "violation", f"a list of it {fault}", cure)
