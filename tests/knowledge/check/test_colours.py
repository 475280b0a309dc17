from __future__ import annotations

import pyoxigraph as ox
import pytest

from kgtransfer.knowledge.check.colours import unusable_colours
from kgtransfer.knowledge.graph import KnowledgeGraph


def messages(colour: str) -> list[tuple[str, str]]:
    turtle = f"<http://e/Moss> <https://schema.org/color> {colour} ."
    triples = (quad.triple for quad in ox.parse(input=turtle, format=ox.RdfFormat.TURTLE))
    return [(f.severity, f.message) for f in unusable_colours(KnowledgeGraph(triples))]


@pytest.mark.parametrize("colour", ['"#6b8e23"', '"#ABC"', '"olivedrab"', '"Red"@en'])
def test_codes_and_names_are_colours(colour: str) -> None:
    assert messages(colour) == []


@pytest.mark.parametrize("colour", ["dark brown", "#12", "0.5", "rgb(1,2,3)", ""])
def test_anything_else_gets_a_hint(colour: str) -> None:
    hint = f"{colour!r} is no colour that plots know: they take one of their own"
    assert messages(f'"{colour}"') == [("hint", hint)]


def test_a_blank_node_is_no_colour() -> None:
    assert [severity for severity, _ in messages("[]")] == ["hint"]
