"""The colours that an ontology gives its classes, for the plots that show them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
from matplotlib.colors import CSS4_COLORS, to_hex

from kgtransfer.knowledge.vocabulary import COLOURS

if TYPE_CHECKING:
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["colour_of", "stated_colours"]

HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.ASCII)


def stated_colours(graph: KnowledgeGraph) -> dict[str, str]:
    """Graph -> the colour of each class that has one by `schema:color`, as `#rrggbb`, by its IRI.

    Args:
        graph: `ex:Moss schema:color "#6b8e23"`, or `"olivedrab"`; any other text is no colour.
    """
    stated = (pair for predicate in COLOURS for pair in graph.statements(predicate))
    colours = {
        iri: colour
        for iri, text in stated
        if isinstance(text, ox.Literal) and (colour := colour_of(text.value))
    }
    return dict(sorted(colours.items()))


def colour_of(text: str) -> str:
    """`#abc`, `#aabbcc` or a name of CSS -> `#aabbcc`; empty where it is none of these."""
    name = text.strip().lower()
    return to_hex(name) if HEX.fullmatch(name) or name in CSS4_COLORS else ""
