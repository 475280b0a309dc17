from __future__ import annotations

from pathlib import Path

from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.report.findings import graph_summary, ontology_title

HEAD = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix e: <http://example.org/> .
"""
TILES = """e:tiles a owl:Ontology ; owl:imports e:base ; rdfs:label "Tiles"@en .
e:base a owl:Ontology ; rdfs:label "Base"@en .
e:Tile a owl:Class .
"""


def test_an_ontology_is_called_what_its_importing_file_is_called(tmp_path: Path) -> None:
    (tmp_path / "tiles.ttl").write_text(HEAD + TILES)
    graph = read_ontology(tmp_path / "tiles.ttl")
    assert ontology_title(graph) == "Tiles"
    assert graph_summary(graph)["ontology"] == "Tiles"


def test_an_ontology_without_a_head_has_no_title(tmp_path: Path) -> None:
    (tmp_path / "bare.ttl").write_text(f"{HEAD}e:Tile a owl:Class .")
    assert ontology_title(read_ontology(tmp_path / "bare.ttl")) == ""


def test_classes_keep_the_colours_that_the_ontology_gives_them(tmp_path: Path) -> None:
    text = f'{HEAD}e:Tile a owl:Class ; rdfs:label "tile" ; <https://schema.org/color> "Tan" .'
    (tmp_path / "tiles.ttl").write_text(text)
    assert graph_summary(read_ontology(tmp_path / "tiles.ttl"))["colours"] == {"tile": "#d2b48c"}
