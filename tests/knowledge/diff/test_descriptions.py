from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from time import process_time

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.diff.descriptions import Descriptions
from kgtransfer.knowledge.graph import KnowledgeGraph

EX = "http://example.org/"
Read = Callable[[str], KnowledgeGraph]


def test_objects_are_compared_by_structure(turtle: Read) -> None:
    first = Descriptions(turtle(":a :p [ :q 1 ] . :b :r 2 ."))
    second = Descriptions(turtle(":a :p _:x . :c :q _:x . _:x :q 1 ."))
    assert first.statements(EX + "a") == second.statements(EX + "a")
    assert first.statements(EX + "b") != second.statements(EX + "b") == Counter()


def test_a_blank_node_belongs_to_the_concepts_that_refer_to_it(turtle: Read) -> None:
    graph = turtle(":a :p _:x . :b :p _:x . _:x :q _:y . _:y :r 1 .")
    descriptions = Descriptions(graph)
    ((inner, _),) = graph.statements(EX + "r")
    assert descriptions.concepts([inner]) == {EX + "a", EX + "b"}
    assert descriptions.concepts([EX + "c"]) == {EX + "c"}


def test_a_circle_of_blank_nodes_belongs_to_itself_until_a_concept_refers_to_it(
    turtle: Read,
) -> None:
    circle = "_:x :q _:y ; :r 1 . _:y :q _:x ; :r 2 ."
    graph = turtle(circle)
    nodes = {node for node, _ in graph.statements(EX + "r")}
    assert Descriptions(graph).concepts(nodes) == nodes
    graph = turtle(circle + ":a :p _:y .")
    nodes = {node for node, _ in graph.statements(EX + "r")}
    assert Descriptions(graph).concepts(nodes) == {EX + "a"}


def test_deep_nesting_takes_no_longer_than_its_length(turtle: Read) -> None:
    depth = 10_000  # a walk up from every node would take 50 million steps
    graph = turtle(":a :p " + "[ :p " * depth + "1" + " ]" * depth + " .")
    nodes = {node for node, _ in graph.statements(EX + "p")}
    descriptions, start = Descriptions(graph), process_time()
    assert descriptions.concepts(nodes) == {EX + "a"}
    assert process_time() - start < 5


def test_negative_assertions_belong_to_their_subject(turtle: Read) -> None:
    graph = turtle("""
        [] a owl:NegativePropertyAssertion ; owl:sourceIndividual :a ;
            owl:assertionProperty :p ; owl:targetIndividual :b .""")
    (statement,) = Descriptions(graph).statements(EX + "a")
    assert statement.predicate.endswith("#NegativePropertyAssertion")


def test_annotations_name_the_statement_that_they_are_about(turtle: Read) -> None:
    graph = turtle("""
        :a :p :b . [] a owl:Axiom ; owl:annotatedSource :a ; owl:annotatedProperty :p ;
            owl:annotatedTarget :b ; :why "so" .""")
    statements = Descriptions(graph).statements(EX + "a")
    (note,) = (s for s in statements if s.annotated)
    assert (note.predicate, note.key) == (EX + "why", '"so"')
    assert note.annotated in statements


def test_annotations_that_nest_without_end_are_refused(turtle: Read) -> None:
    chain = "".join(
        f"_:n{n} a owl:Annotation ; owl:annotatedSource _:n{n - 1} ; owl:annotatedProperty :why ;"
        f' owl:annotatedTarget "so" ; :why "so" . '
        for n in range(1, 3000)
    )
    first = """:a :p :b . _:n0 a owl:Axiom ; owl:annotatedSource :a ; owl:annotatedProperty :p ;
        owl:annotatedTarget :b ; :why "so" . """
    with pytest.raises(OntologyError, match="nest deeper than 8"):
        Descriptions(turtle(first + chain)).statements(EX + "a")
