from __future__ import annotations

import pyoxigraph as ox
import pytest

from kgtransfer.knowledge.check.lint import lint
from kgtransfer.knowledge.graph import KnowledgeGraph

EX = "http://example.org/"
PREFIXES = {
    "": EX,
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}
HEAD = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.items())
SOUND = """
:Animal a owl:Class ; rdfs:label "animal" .
:Dog a owl:Class ; rdfs:label "dog" ; rdfs:subClassOf :Animal .
"""


def findings(turtle: str) -> list[tuple[str, str, str]]:
    parser = ox.parse(input=HEAD + turtle, format=ox.RdfFormat.TURTLE)
    graph = KnowledgeGraph((quad.triple for quad in parser), PREFIXES)
    return [(f.severity, f.label, f.message) for f in lint(graph)]


def test_a_sound_ontology_smells_of_nothing() -> None:
    assert findings(SOUND) == []


def test_a_concept_without_a_label() -> None:
    assert findings(SOUND + ":Cat a owl:Class ; rdfs:subClassOf :Animal .") == [
        ("warning", "Cat", "has no label")
    ]


def test_shapes_need_no_label_but_a_class_that_is_a_shape_does() -> None:
    shacl = "@prefix sh: <http://www.w3.org/ns/shacl#> . "
    shapes = ":S a sh:NodeShape . :P a sh:PropertyShape . :G a sh:PropertyGroup . "
    cat = ":Cat a owl:Class , sh:NodeShape ; rdfs:subClassOf :Animal ."
    assert findings(shacl + SOUND + shapes + cat) == [("warning", "Cat", "has no label")]


@pytest.mark.parametrize("empty", ['""', '" "@en', '"" , "cat"@en'])
def test_an_empty_label(empty: str) -> None:
    cat = f"{SOUND} :Cat a owl:Class ; rdfs:subClassOf :Animal ; rdfs:label {empty} ."
    assert [message for *_, message in findings(cat)] == ["has an empty label"]


def test_ontology_headers_and_foreign_terms_need_no_label() -> None:
    assert findings(SOUND + ":o a owl:Ontology . owl:versionInfo a owl:AnnotationProperty .") == []


def test_classes_of_one_namespace_that_share_a_label() -> None:
    twin = SOUND + ':Hound a owl:Class ; rdfs:subClassOf :Animal ; rdfs:label " Dog" '
    assert findings(twin + ".") == [("warning", " Dog", 'has the same label as :Dog: "Dog"')]
    assert findings(twin.replace('" Dog"', '" Dog"@en') + ".") == []
    assert findings(twin + "; owl:equivalentClass :Dog .") == []
    assert findings(twin + "; owl:deprecated true .") == []
    assert findings(twin.replace(":Hound", "<http://elsewhere.org/Hound>") + ".") == []


def test_an_orphan_class() -> None:
    assert findings(SOUND + ':Moon a owl:Class ; rdfs:label "moon" .') == [
        ("warning", "moon", "stands alone: no superclass, no subclass, no instance, used nowhere")
    ]


def test_an_import_that_was_not_read_is_a_hint() -> None:
    imports = SOUND + ':o a owl:Ontology ; rdfs:label "dogs" ; owl:imports :other .'
    message = "imports <http://example.org/other>, which is not among the files read"
    assert findings(imports) == [("hint", "dogs", message)]
    assert findings(imports + ":other a owl:Ontology .") == []
    assert findings(imports + ":any a owl:Ontology ; owl:versionIRI :other .") == []
