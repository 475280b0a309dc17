from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest

from kgtransfer.knowledge.axioms.annotations import annotated_statements, is_stated
from kgtransfer.knowledge.graph import KnowledgeGraph

Read = Callable[[str], KnowledgeGraph]


def test_what_is_annotated_and_by_which_node(turtle: Read) -> None:
    graph = turtle("""
        [] a owl:Axiom ; owl:annotatedSource :a ; owl:annotatedProperty :p ;
            owl:annotatedTarget "text" ; :why "because" .""")
    ((node, *statement),) = annotated_statements(graph)
    assert statement == ["http://example.org/a", "http://example.org/p", ox.Literal("text")]
    assert graph.objects(node, "http://example.org/why") == (ox.Literal("because"),)


@pytest.mark.parametrize("target", ["", "owl:annotatedTarget :b , :c"])
def test_a_node_that_has_not_each_part_once_annotates_nothing(turtle: Read, target: str) -> None:
    graph = turtle(
        f"[] a owl:Axiom ; owl:annotatedSource :a ; owl:annotatedProperty :p ; {target} ."
    )
    assert list(annotated_statements(graph)) == []


@pytest.mark.parametrize(("text", "stated"), [(":a :p :b .", True), (":a :p :c .", False)])
def test_whether_the_annotated_statement_is_made(turtle: Read, text: str, stated: bool) -> None:
    graph = turtle(f"""{text}
        [] a owl:Axiom ; owl:annotatedSource :a ; owl:annotatedProperty :p ;
            owl:annotatedTarget :b .""")
    (statement,) = annotated_statements(graph)
    assert is_stated(graph, statement) is stated
