from __future__ import annotations

import pyoxigraph as ox
import pytest

from kgtransfer.knowledge.reasoning.facts import facts_of

PREFIXES = """
@prefix : <http://e/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
A, B = ox.NamedNode("http://e/a"), ox.NamedNode("http://e/b")
XSD = "http://www.w3.org/2001/XMLSchema#"


def facts(turtle: str) -> list[tuple[object, ...]]:
    parser = ox.parse(input=PREFIXES + turtle, format=ox.RdfFormat.TURTLE)
    return [tuple(fact) for fact in facts_of(quad.triple for quad in parser)]


def helpers(turtle: str) -> set[tuple[object, object]]:
    """What helpers say, without the node that they say it of."""
    return {(predicate, obj) for _, predicate, obj in facts(turtle) if isinstance(predicate, str)}


def test_a_list_is_joined_to_its_members_and_cells() -> None:
    derived = helpers(":c owl:hasKey ( :a :b ) .")
    assert {("list:member", A), ("list:member", B)} <= derived
    assert {("item:hasKey", A), ("last:hasKey", B)} <= derived
    assert {p for p, _ in derived} == {
        *("list:member", "list:next", "cells:hasKey", "item:hasKey", "last:hasKey")
    }


@pytest.mark.parametrize(
    "turtle",
    [
        ":c owl:unionOf () .",
        ":c owl:unionOf :l . :l rdf:first :a ; rdf:rest :l .",
        ":c owl:unionOf :l . :l rdf:first :a .",
        ":c owl:unionOf :l . :l rdf:first :a , :b ; rdf:rest () .",
        ":c owl:unionOf :l . :l rdf:first :a ; rdf:rest () , ( :b ) .",
        ":c :about ( :a :b ) .",
    ],
)
def test_what_is_no_list_of_an_axiom_says_nothing(turtle: str) -> None:
    assert helpers(turtle) == set()


def test_a_cardinality_of_one_in_any_form() -> None:
    ones = [f for f in facts(':r owl:maxCardinality "+01"^^xsd:int , 2 .') if f[2] == "number:1"]
    assert ones == [(ox.NamedNode("http://e/r"), ox.NamedNode(
        "http://www.w3.org/2002/07/owl#maxCardinality"), "number:1")]  # fmt: skip


@pytest.mark.parametrize(
    ("turtle", "types"),
    [
        (':a :p "7"^^xsd:unsignedInt .', ["unsignedInt", "unsignedLong", "nonNegativeInteger",
                                          "integer", "decimal"]),
        (':a :p "x"^^xsd:integer , "y" , "z"@en .', []),
        (':a :p "y" , xsd:string .', ["string"]),
    ],
)  # fmt: skip
def test_literals_have_their_types(turtle: str, types: list[str]) -> None:
    derived = [obj for subject, _, obj in facts(turtle) if isinstance(subject, ox.Literal)]
    assert derived == [ox.NamedNode(XSD + name) for name in types]
