"""One value a property: none of two is taken in silence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.axioms.axioms import axioms_of
from kgtransfer.knowledge.axioms.numbers import NUMBERS, Range, fault, one_number, one_value
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.knowledge.vocabulary import KGT
from kgtransfer.utils.resources import resource

EX = "http://example.org/"
Read = Callable[[str], KnowledgeGraph]
ANY, UNIT = Range(), Range(0, 1)


def faults(graph: KnowledgeGraph, name: str, range_: Range = ANY, text: str = "") -> str:
    """Message and cure of what is wrong with a property of `:a`."""
    wrong = fault(graph, name, graph.objects(EX + "a", KGT + name), range_, [text])
    return f"{wrong.message} | {wrong.cure}" if wrong else ""


def test_every_number_of_the_vocabulary_is_treated() -> None:
    vocabulary = read_ontology(resource("ontology/kgt.ttl"))
    numeric = ("decimal", "double", "integer", "float")
    ranges = vocabulary.statements("http://www.w3.org/2000/01/rdf-schema#range")
    stated = {iri for iri, range_ in ranges if range_.value.endswith(numeric)}
    assert stated == {KGT + name for name in NUMBERS}


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("0,97", "write 0.97: Turtle's decimal mark is the point"),
        ("0,05", "write 0.05: Turtle's decimal mark is the point"),
        ("-0,5", "write -0.5: Turtle's decimal mark is the point"),
        ("2,75", "write 2.75 or 75.2: Turtle's decimal mark is the point"),
        ("12,05", "write 12.05: Turtle's decimal mark is the point"),
        ("0.5, 0.7", "keep one kgt:threshold"),
        ("1, 2, 3", "keep one kgt:threshold"),
    ],
)
def test_two_values_have_a_cure(turtle: Read, text: str, cure: str) -> None:
    assert faults(turtle(f":a kgt:threshold {text} ."), "threshold").endswith(f"| {cure}")


def test_the_range_and_the_text_tell_which_number_came_first(turtle: Read) -> None:
    graph = turtle(":a kgt:minimum 1,5 .")
    wrong = "kgt:minimum has 2 values: 1, 5 | write {}: Turtle's decimal mark is the point"
    assert faults(graph, "minimum") == wrong.format("1.5 or 5.1")
    assert faults(graph, "minimum", Range(0, 3)) == wrong.format("1.5")
    assert faults(graph, "minimum", text="kgt:minimum 5,1 .") == wrong.format("5.1")


@pytest.mark.parametrize(
    ("text", "message", "cure"),
    [
        ('"0,97"', '"0,97"', "kgt:threshold 0.97, for Turtle's decimal mark is the point"),
        ('"8 mm"', '"8 mm"', "write it without quotes and without a unit: kgt:threshold 8"),
        ('"0.5"', '"0.5"', "write it without quotes and without a unit: kgt:threshold 0.5"),
        ('"much"', '"much"', "write one number without quotes, such as kgt:threshold 0.5"),
        (":b", ":b", "write one number without quotes, such as kgt:threshold 0.5"),
        ('"INF"^^xsd:double', '"INF"', "write one number without quotes"),
    ],
)
def test_what_is_no_number_is_said(turtle: Read, text: str, message: str, cure: str) -> None:
    problem = faults(turtle(f":a kgt:threshold {text} ."), "threshold")
    assert problem.startswith(f"kgt:threshold is not a number: {message}")
    assert cure in problem


def test_the_same_value_twice_is_one(turtle: Read) -> None:
    graph = turtle(':a kgt:threshold 1, 1.0, 1.00 ; kgt:unit "um", "um"@en .')
    assert faults(graph, "threshold") == faults(graph, "unit") == ""
    assert one_number(graph, "threshold", EX + "a") == 1.0
    assert one_number(graph, "softness", EX + "a") is None


def test_a_link_leads_to_one_thing(turtle: Read) -> None:
    graph = turtle(':a kgt:measuredBy :m, :n . :b kgt:measuredBy "m" . :c kgt:measuredBy :m .')
    with pytest.raises(OntologyError, match="a: kgt:measuredBy has 2 values: :m, :n"):
        one_value(graph, "measuredBy", EX + "a")
    with pytest.raises(OntologyError, match="leads to a text"):
        one_value(graph, "measuredBy", EX + "b")
    assert str(one_value(graph, "measuredBy", EX + "c")) == f"<{EX}m>"


@pytest.mark.parametrize(
    "text",
    [
        ":a kgt:minimum 1,5 .",
        "kgt:usual a kgt:Frequency ; kgt:probability 0,9 .",
        """:a kgt:usual :m . [] a owl:Axiom ; owl:annotatedSource :a ; kgt:maximum 1,5 ;
            owl:annotatedProperty kgt:usual ; owl:annotatedTarget :m .""",
        """:a kgt:usual :m . [] a owl:Axiom ; owl:annotatedSource :a ; kgt:maximum 1 ;
            owl:annotatedProperty kgt:usual ; owl:annotatedTarget :m .
        [] a owl:Axiom ; owl:annotatedSource :a ; kgt:maximum 5 ;
            owl:annotatedProperty kgt:usual ; owl:annotatedTarget :m .""",
    ],
)
def test_axioms_are_read_from_one_number(turtle: Read, text: str) -> None:
    with pytest.raises(OntologyError, match="has 2 values"):
        axioms_of(turtle(text))


def test_a_range_has_words() -> None:
    assert [str(Range(*ends)) for ends in ((0, 1), (0,), (None, 1), ())] == [
        "0 to 1",
        "0 and above",
        "1 and below",
        "any number",
    ]
    assert Range(0, 2) & Range(None, 1) == Range(0, 1)
    assert 1 in UNIT
    assert 1.01 not in UNIT
