from __future__ import annotations

from collections.abc import Callable

import pytest

from kgtransfer.knowledge.check.hierarchies import cycles
from kgtransfer.knowledge.graph import KnowledgeGraph

Read = Callable[[str], KnowledgeGraph]


@pytest.mark.parametrize(
    ("text", "first", "message"),
    [
        (
            ":a rdfs:subClassOf :b . :b rdfs:subClassOf :c . :c rdfs:subClassOf :a .",
            "a",
            "is its own superclass: a > b > c > a",
        ),
        (":p rdfs:subPropertyOf :p .", "p", "is its own superproperty: p > p"),
        (
            ":x skos:broader :y . :y skos:broader :x .",
            "x",
            "is its own broader concept: x > y > x",
        ),
        (
            ":x skos:narrower :y . :x skos:broaderTransitive :y .",
            "x",
            "is its own broader concept: x > y > x",
        ),
    ],
)
def test_what_is_above_itself(turtle: Read, text: str, first: str, message: str) -> None:
    (finding,) = cycles(turtle(text))
    assert (finding.severity, finding.label, finding.message) == ("violation", first, message)
    assert finding.cure.startswith("remove one ")


def test_trees_have_no_cycles(turtle: Read) -> None:
    tree = ":a rdfs:subClassOf :b , :c . :b rdfs:subClassOf :d . :c rdfs:subClassOf :d ."
    both = ":x skos:broader :y . :y skos:narrower :x ."
    assert list(cycles(turtle(tree + both))) == []


def test_every_cycle_is_found(turtle: Read) -> None:
    circles = ":a rdfs:subClassOf :b , :a . :b rdfs:subClassOf :a . :c rdfs:subClassOf :c ."
    assert len(list(cycles(turtle(circles)))) == 3
