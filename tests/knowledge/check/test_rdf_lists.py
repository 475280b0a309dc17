from __future__ import annotations

from collections.abc import Callable

import pytest

from kgtransfer.knowledge.check.rdf_lists import broken_lists
from kgtransfer.knowledge.graph import KnowledgeGraph

Read = Callable[[str], KnowledgeGraph]
HEAD = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n:A owl:unionOf "
NIL = "rdf:rest rdf:nil"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f"[ rdf:first :b , :c ; {NIL} ] .", "has 2 rdf:first in one place"),
        (f"[ {NIL} ] .", "has no rdf:first in one place"),
        ("[ rdf:first :b ] .", "has no rdf:rest in one place"),
        (f"[ rdf:first :b ; {NIL} , ( :c ) ] .", "has 2 rdf:rest in one place"),
        ("[ rdf:first :b ; rdf:rest :c ] .", "does not end with rdf:nil, but with :c"),
        ('[ rdf:first :b ; rdf:rest "x" ] .', 'does not end with rdf:nil, but with "x"'),
        (
            "_:l . _:l rdf:first :b ; rdf:rest _:m . _:m rdf:first :c ; rdf:rest _:l .",
            "has no end: it comes back to where it was",
        ),
    ],
)
def test_lists_that_are_none(turtle: Read, text: str, fault: str) -> None:
    (finding,) = broken_lists(turtle(HEAD + text))
    assert (finding.severity, finding.message) == ("violation", f"a list of it {fault}")
    assert "( ex:a ex:b )" in finding.cure


def test_a_fault_is_told_of_the_concept_that_the_list_belongs_to(turtle: Read) -> None:
    (finding,) = broken_lists(turtle(HEAD + "[ rdf:first :b ; rdf:rest [ rdf:first :c ] ] ."))
    assert finding.concept == "http://example.org/A"


def test_nothing_follows_the_end(turtle: Read) -> None:
    findings = broken_lists(turtle(HEAD + f"( :b ) . rdf:nil rdf:first :c ; {NIL} ."))
    assert [f.message for f in findings] == ["a list of it goes on after rdf:nil, its end"]


def test_whole_lists(turtle: Read) -> None:
    assert list(broken_lists(turtle(HEAD + "( :b ( :c ) [ :p () ] ) , () ."))) == []
