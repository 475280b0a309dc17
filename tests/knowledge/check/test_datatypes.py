from __future__ import annotations

from collections.abc import Callable

from kgtransfer.knowledge.check.datatypes import ill_typed
from kgtransfer.knowledge.graph import KnowledgeGraph


def test_a_finding_names_the_concept_and_what_to_write(
    turtle: Callable[[str], KnowledgeGraph],
) -> None:
    graph = turtle(":a :p [ :size 'abc'^^xsd:integer ] ; :n '300'^^xsd:unsignedByte .")
    findings = {f.message: (f.severity, f.label, f.cure) for f in ill_typed(graph)}
    integer = ("violation", "a", "write a whole number, or leave out ^^xsd:integer")
    assert findings == {
        '"abc" is no xsd:integer (:size)': integer,
        '"300" is no xsd:unsignedByte (:n)': (
            "violation",
            "a",
            "write a whole number from 0 to 255, or leave out ^^xsd:unsignedByte",
        ),
    }
