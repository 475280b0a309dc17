from __future__ import annotations

from collections.abc import Callable

import pytest

from kgtransfer.knowledge.check.single_values import several_numbers
from kgtransfer.knowledge.graph import KnowledgeGraph

Read = Callable[[str], KnowledgeGraph]
FUNCTIONAL = ":size a owl:DatatypeProperty , owl:FunctionalProperty ."
POINT = "keep one; of a decimal comma make a point: Turtle's decimal mark is the point"


@pytest.mark.parametrize(
    ("text", "concept", "message"),
    [
        (
            ":a rdfs:subClassOf [ owl:onProperty :p ; owl:hasValue 3,5 ] .",
            "a",
            "owl:hasValue has one value, here it has 2: 3, 5",
        ),
        (
            ":a rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 1,2 ] .",
            "a",
            "owl:maxCardinality has one value, here it has 2: 1, 2",
        ),
        (
            ":p rdfs:range [ owl:withRestrictions ( [ xsd:minInclusive 0,5 ] ) ] .",
            "p",
            "xsd:minInclusive has one value, here it has 2: 0, 5",
        ),
        (FUNCTIONAL + " :a :size 3,5 .", "a", ":size has one value, here it has 2: 3, 5"),
    ],
)
def test_a_decimal_comma_where_owl_wants_one_number(
    turtle: Read, text: str, concept: str, message: str
) -> None:
    (finding,) = several_numbers(turtle(text))
    assert (finding.severity, finding.label) == ("violation", concept)
    assert (finding.message, finding.cure) == (message, POINT)


@pytest.mark.parametrize(
    "text",
    [
        ":a :size 3,5 .",  # a property may have many values
        FUNCTIONAL + " :a :size 3 , 3.0 . :b :size 4 .",  # two spellings of one number
        FUNCTIONAL + ' :a :size "small"@en , "klein"@de .',
        ":a rdfs:subClassOf [ owl:onProperty :p ; owl:hasValue 3.5 ] , [ owl:hasValue 5 ] .",
    ],
)
def test_one_number_in_each_place(turtle: Read, text: str) -> None:
    assert list(several_numbers(turtle(text))) == []
