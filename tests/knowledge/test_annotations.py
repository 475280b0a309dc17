from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox

from kgtransfer.knowledge.annotations import annotated_statements
from kgtransfer.knowledge.graph import KnowledgeGraph

Read = Callable[[str], KnowledgeGraph]


def test_what_is_annotated_and_by_which_node(turtle: Read) -> None:
    graph = turtle("""
        [] a owl:Axiom ; owl:annotatedSource :a ; owl:annotatedProperty :p ;
            owl:annotatedTarget "text" ; :why "because" .""")
    ((node, *statement),) = annotated_statements(graph)
    assert statement == ["http://example.org/a", "http://example.org/p", ox.Literal("text")]
    assert graph.objects(node, "http://example.org/why") == (ox.Literal("because"),)


def test_a_node_that_lacks_a_part_annotates_nothing(turtle: Read) -> None:
    half = "[] a owl:Axiom ; owl:annotatedSource :a ; owl:annotatedProperty :p ."
    assert list(annotated_statements(turtle(half))) == []
