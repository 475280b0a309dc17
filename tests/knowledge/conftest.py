from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest

from kgtransfer.knowledge.graph import KnowledgeGraph

PREFIXES = {
    "": "http://example.org/",
    "kgt": "https://w3id.org/kgtransfer/ns#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
HEAD = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.items())


def parse_turtle(turtle: str) -> KnowledgeGraph:
    parser = ox.parse(input=HEAD + turtle, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    return KnowledgeGraph((quad.triple for quad in parser), PREFIXES)


@pytest.fixture(scope="session")
def turtle() -> Callable[[str], KnowledgeGraph]:
    """Turtle text, with the usual prefixes, as a graph."""
    return parse_turtle
