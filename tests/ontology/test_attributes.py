"""Attributed graphs: what the shapes object to."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.knowledge.check.shacl.findings import violations
from kgtransfer.knowledge.io.ontology import read_ontology

PREFIXES = """
@prefix att: <https://w3id.org/kgtransfer/attributes#> .
@prefix e: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
AUTHORS = """
e:ann a att:Node ; att:linkedTo e:bob ; att:hasAttribute e:graph , e:matching ; att:hasClass e:ml .
e:bob a att:Node ; att:hasAttribute e:graph .
e:graph a att:Keyword ; rdfs:label "graph" ; att:column 0 ; att:nodeCount 2 .
e:matching a att:Keyword ; rdfs:label "graph matching" ; att:column 1 ;
    att:broader e:graph ; att:occursWith e:graph .
e:ml a att:NodeClass ; rdfs:label "machine learning" .
"""


def objections(repository: Path, folder: Path, text: str) -> list[tuple[str, str]]:
    """(label, message) of what the shapes object to in the authors and this."""
    file = folder / "authors.ttl"
    file.write_text(PREFIXES + AUTHORS + text, encoding="utf-8")
    ontology = repository / "ontology"
    graph = read_ontology(file, ontology / "attributes.ttl")
    shapes = ontology / "shapes" / "attributes.ttl"
    return [(f.label, f.message.partition(" (")[0]) for f in violations(graph, [shapes])]


def test_a_sound_graph_passes(repository: Path, tmp_path: Path) -> None:
    assert objections(repository, tmp_path, "") == []


@pytest.mark.parametrize(
    ("text", "label", "message"),
    [
        ("[] a att:Node .", None, "an entity of an attributed graph has no IRI"),
        ("e:x a att:Keyword .", "x", "a keyword or class of nodes has no label"),
        ("e:graph att:column 3 .", "graph", "an attribute's column is not one whole number from 0"),
        (
            'e:x a att:NodeAttribute ; att:column "1" .',
            "x",
            "an attribute's column is not one whole number from 0",
        ),
        ("e:ml att:nodeCount -1 .", "machine learning", "a count of nodes is not one whole number"),
        (
            'e:ann att:hasClass e:db . e:db a att:NodeClass ; rdfs:label "databases" .',
            "ann",
            "a node has more than one class",
        ),
        (
            "e:ml att:hasAttribute e:graph .",
            "machine learning",
            "has links, attributes or a class, but is not a node",
        ),
        (
            "e:bob att:hasClass e:ann .",
            "ann",
            "att:hasClass points to it, but it is not a class of nodes",
        ),
        (
            "e:bob att:hasAttribute e:ml .",
            "machine learning",
            "is used as an attribute, but is not",
        ),
        ("e:graph att:occursWith e:matching .", "graph", "two attributes occur with each other"),
        ("e:graph att:broader e:matching .", "graph", "an attribute is broader than itself"),
        ("e:graph att:broader e:graph .", "graph", "an attribute is broader than itself"),
    ],
)
def test_what_is_wrong_in_a_graph_is_found(
    repository: Path, tmp_path: Path, text: str, label: str | None, message: str
) -> None:
    findings = objections(repository, tmp_path, text)
    assert findings
    assert {message_.startswith(message) for _, message_ in findings} == {True}
    assert label is None or label in {name for name, _ in findings}
