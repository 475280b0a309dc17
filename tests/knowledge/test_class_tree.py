from __future__ import annotations

from collections.abc import Callable

from kgtransfer.knowledge.class_tree import class_tree, conjuncts
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.terms import node_name

EX = "http://example.org/"
Read = Callable[[str], KnowledgeGraph]


def test_pairs_are_stated_or_part_of_a_definition(turtle: Read) -> None:
    graph = turtle("""
        :A rdfs:subClassOf :B , [ owl:onProperty :r ; owl:someValuesFrom :D ] .
        :C owl:equivalentClass [ owl:intersectionOf ( :A [ owl:complementOf :E ] ) ] .
        :F owl:equivalentClass [ owl:unionOf ( :G [ owl:unionOf ( :H ) ] ) ] .
        :I owl:disjointUnionOf ( :J :K ) .""")
    pairs = {(cls.removeprefix(EX), above.removeprefix(EX)) for cls, above in class_tree(graph)}
    assert pairs == {("A", "B"), ("C", "A"), ("G", "F"), ("H", "F"), ("J", "I"), ("K", "I")}


def test_an_intersection_falls_into_its_parts(turtle: Read) -> None:
    graph = turtle(
        ":A rdfs:subClassOf [ owl:intersectionOf ( :B [ owl:intersectionOf ( :C ) ] ) ] ."
    )
    (expression,) = graph.objects(EX + "A", "http://www.w3.org/2000/01/rdf-schema#subClassOf")
    assert set(map(node_name, conjuncts(graph, expression))) == {EX + "B", EX + "C"}
    assert list(conjuncts(graph, expression, "unionOf")) == [expression]
