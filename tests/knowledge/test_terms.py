from __future__ import annotations

import pyoxigraph as ox
import pytest

from kgtransfer.knowledge.terms import node_name, number

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (ox.Literal(3), 3.0),
        (ox.Literal("2.50", datatype=ox.NamedNode(XSD + "decimal")), 2.5),
        (ox.Literal("-1e3", datatype=ox.NamedNode(XSD + "double")), -1000.0),
        (ox.Literal("many", datatype=ox.NamedNode(XSD + "integer")), None),
        (ox.Literal("INF", datatype=ox.NamedNode(XSD + "double")), None),
        (ox.Literal("3"), None),
        (ox.NamedNode("http://example.org/3"), None),
    ],
)
def test_numbers(term: object, value: float | None) -> None:
    assert number(term) == value


def test_names_of_nodes() -> None:
    assert node_name(ox.NamedNode("http://example.org/a")) == "http://example.org/a"
    assert node_name(ox.BlankNode("x")) == "_:x"
    assert node_name(ox.Literal("a", language="en")) == '"a"@en'
