from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest

from kgtransfer.knowledge.axioms.restrictions import (
    Cardinality,
    Condition,
    HasValue,
    Interval,
    SomeValues,
    conditions,
)
from kgtransfer.knowledge.graph import KnowledgeGraph

EX = "http://example.org/"
C, R, D, E = (EX + name for name in "CRDE")
RANGE = "[ a rdfs:Datatype ; owl:onDatatype xsd:decimal ; owl:withRestrictions ({}) ]"


@pytest.mark.parametrize(
    ("restriction", "expected"),
    [
        ("owl:someValuesFrom :D", SomeValues(C, R, D)),
        ("owl:hasValue :D", HasValue(C, R, ox.NamedNode(D))),
        ("owl:hasValue 3", HasValue(C, R, ox.Literal(3))),
        ("owl:cardinality 2", Cardinality(C, R, 2, 2)),
        ("owl:minCardinality 2", Cardinality(C, R, 2, None)),
        ("owl:maxCardinality 2", Cardinality(C, R, 0, 2)),
        ("owl:onClass :D ; owl:qualifiedCardinality 2", Cardinality(C, R, 2, 2, D)),
        ("owl:onClass :D ; owl:minQualifiedCardinality 1", Cardinality(C, R, 1, None, D)),
        ("owl:onClass :D ; owl:maxQualifiedCardinality 0", Cardinality(C, R, 0, 0, D)),
        (
            "owl:someValuesFrom "
            + RANGE.format("[ xsd:minInclusive 1.5 ] [ xsd:maxExclusive 2.5 ]"),
            Interval(C, R, 1.5, 2.5),
        ),
        (
            "owl:allValuesFrom " + RANGE.format("[ xsd:minExclusive 7 ]"),
            Interval(C, R, 7.0, None),
        ),
    ],
)
def test_every_kind_of_restriction(
    turtle: Callable[[str], KnowledgeGraph], restriction: str, expected: Condition
) -> None:
    graph = turtle(
        f":C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :R ; {restriction} ] ."
    )
    assert list(conditions(graph)) == [expected]


def test_genus_and_differentia_are_conditions_too(turtle: Callable[[str], KnowledgeGraph]) -> None:
    graph = turtle("""
        :C owl:equivalentClass [ owl:intersectionOf ( :Genus
            [ owl:onProperty :R ; owl:someValuesFrom :D ]
            [ owl:intersectionOf ( [ owl:onProperty :R ; owl:someValuesFrom :E ] ) ] ) ] .""")
    assert set(conditions(graph)) == {SomeValues(C, R, D), SomeValues(C, R, E)}


def test_what_is_no_number_or_no_restriction_demands_nothing(
    turtle: Callable[[str], KnowledgeGraph],
) -> None:
    graph = turtle("""
        :C rdfs:subClassOf :D , [ owl:onProperty :R ; owl:cardinality "two" ] ,
            [ owl:onProperty :R , :S ; owl:someValuesFrom :D ] ,
            [ owl:unionOf ( [ owl:onProperty :R ; owl:someValuesFrom :D ] :E ) ] .""")
    assert list(conditions(graph)) == []


def test_an_intersection_with_itself_ends(turtle: Callable[[str], KnowledgeGraph]) -> None:
    graph = turtle(":C rdfs:subClassOf _:x . _:x owl:intersectionOf ( _:x :D ) .")
    assert list(conditions(graph)) == []
