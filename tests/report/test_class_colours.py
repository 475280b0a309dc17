from __future__ import annotations

import pyoxigraph as ox
import pytest

from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.report.class_colours import colour_of, stated_colours

EX = "http://example.org/"


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("#6b8e23", "#6b8e23"),
        ("#6B8E23", "#6b8e23"),
        (" #abc ", "#aabbcc"),
        ("OliveDrab", "#6b8e23"),
        ("olive drab", ""),
        ("#6b8e2", ""),
        ("0.5", ""),
        ("C0", ""),
        ("r", ""),
        ("red; } body { display: none", ""),
        ("", ""),
    ],
)
def test_hexadecimal_codes_and_names_of_css_are_colours(text: str, colour: str) -> None:
    assert colour_of(text) == colour


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_class_has_the_colour_that_the_ontology_states(scheme: str) -> None:
    turtle = f"""@prefix : <{EX}> . @prefix schema: <{scheme}://schema.org/> .
    :Moss schema:color "olivedrab" . :Sand schema:color "sandy" . :Sea schema:color :Blue ."""
    triples = (quad.triple for quad in ox.parse(input=turtle, format=ox.RdfFormat.TURTLE))
    assert stated_colours(KnowledgeGraph(triples)) == {EX + "Moss": "#6b8e23"}
