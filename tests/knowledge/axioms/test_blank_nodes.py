from __future__ import annotations

from collections.abc import Callable

import pytest

from kgtransfer.knowledge.axioms.blank_nodes import concept_finder
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
    assert concept_finder(graph)(node) == EX + "a"


def test_a_node_that_belongs_to_nothing_stays_and_a_circle_ends(turtle: Read) -> None:
    graph = turtle("[] :mark 1 . _:x :next _:y . _:y :next _:x .")
    concept_of = concept_finder(graph)
    ((alone, _),) = graph.statements(EX + "mark")
    assert concept_of(alone) == alone
    circle = [node_name(node) for node, _ in graph.statements(EX + "next")]
    assert {concept_of(node) for node in circle} <= set(circle)
    assert concept_of(EX + "a") == EX + "a"
