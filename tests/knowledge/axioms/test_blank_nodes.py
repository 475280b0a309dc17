from __future__ import annotations

from collections.abc import Callable

import pytest

from kgtransfer.knowledge.axioms.blank_nodes import owners
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.terms import node_name

Read = Callable[[str], KnowledgeGraph]
EX = "http://example.org/"


@pytest.mark.parametrize(
    "turtle_text",
    [
        ":a rdfs:subClassOf [ owl:unionOf ( :b [ :mark 1 ] ) ] .",
        "[] a owl:Axiom ; owl:annotatedSource :a ; owl:annotatedTarget :b ; :mark 1 .",
        """[] a owl:Annotation ; owl:annotatedTarget :b ; :mark 1 ; owl:annotatedSource
            [ a owl:Axiom ; owl:annotatedSource :a ; owl:annotatedTarget :b ] .""",
        """:a rdfs:subClassOf _:r . _:r a owl:Restriction ; :mark 1 .
            [] a owl:Axiom ; owl:annotatedSource :z ; owl:annotatedTarget _:r .""",
        """[] a owl:Axiom ; owl:annotatedSource :a ;
            owl:annotatedTarget [ a owl:Restriction ; :mark 1 ] .""",
    ],
)
def test_a_node_speaks_for_a_concept(turtle: Read, turtle_text: str) -> None:
    graph = turtle(turtle_text)
    ((node, _),) = graph.statements(EX + "mark")
    assert node.startswith("_:")
    assert owners(graph)(node) == EX + "a"


def test_a_node_that_belongs_to_nothing_stays_and_a_circle_ends(turtle: Read) -> None:
    graph = turtle("[] :mark 1 . _:x :next _:y . _:y :next _:x .")
    owner = owners(graph)
    ((alone, _),) = graph.statements(EX + "mark")
    assert owner(alone) == alone
    circle = [node_name(node) for node, _ in graph.statements(EX + "next")]
    assert {owner(node) for node in circle} <= set(circle)
    assert owner(EX + "a") == EX + "a"
