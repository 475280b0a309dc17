from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.obo.reader import read_obo

TURTLE = """
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix o: <http://www.geneontology.org/formats/oboInOwl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
obo:A_1 a owl:Class ; o:id "A:1" ; rdfs:subClassOf """
ON = "[ a owl:Restriction ; owl:onProperty obo:R_1 ; "
BOTH = "[ a owl:Class ; owl:intersectionOf ( {} {} ) ]"
SOME, ONLY = ON + "owl:someValuesFrom obo:A_2 ]", ON + "owl:allValuesFrom obo:A_2 ]"
NONE = ON + "owl:allValuesFrom [ a owl:Class ; owl:complementOf obo:A_2 ] ]"


def count(kind: str, number: int) -> str:
    value = f'"{number}"^^xsd:nonNegativeInteger'
    return f"{ON}owl:{kind}ualifiedCardinality {value} ; owl:onClass obo:A_2 ]"


@pytest.mark.parametrize(
    ("qualifiers", "expected"),
    [
        ('source="x"', None),
        ('all_only="true"', ONLY),
        ('all_some="true", all_only="true"', BOTH.format(SOME, ONLY)),
        ('cardinality="2"', count("q", 2)),
        ('minCardinality="1"', count("minQ", 1)),
        ('maxCardinality="3"', count("maxQ", 3)),
        (
            'minCardinality="1", maxCardinality="3"',
            BOTH.format(count("minQ", 1), count("maxQ", 3)),
        ),
        ('cardinality="0"', NONE),
        ('maxCardinality="0"', NONE),
    ],
)
def test_qualifiers_shape_the_restriction(qualifiers: str, expected: str | None) -> None:
    text = f"[Term]\nid: A:1\nrelationship: R:1 A:2 {{{qualifiers}}}\n"
    graph = KnowledgeGraph(read_obo(text, Path("a.obo")).triples)
    if expected is None:
        assert [r.filler for r in axioms_of(graph).some_values] == [
            "http://purl.obolibrary.org/obo/A_2"
        ]
    else:
        parser = ox.parse(input=f"{TURTLE}{expected} .", format=ox.RdfFormat.TURTLE)
        assert graph == KnowledgeGraph(quad.triple for quad in parser)


def test_a_relation_between_classes_themselves_is_a_value() -> None:
    text = "[Term]\nid: A:1\nrelationship: R:1 A:2\n\n[Typedef]\nid: R:1\nis_class_level: true\n"
    triples = map(str, read_obo(text, Path("a.obo")).triples)
    value = "<http://www.w3.org/2002/07/owl#hasValue> <http://purl.obolibrary.org/obo/A_2>"
    assert any(triple.endswith(value) for triple in triples)


def test_a_cardinality_that_is_no_number_is_refused_at_its_term() -> None:
    text = 'ontology: a\n\n[Term]\nid: A:1\nrelationship: R:1 A:2 {cardinality="two"}\n'
    with pytest.raises(OntologyError, match=r"a\.obo:5:37: 'two' is no number"):
        read_obo(text, Path("a.obo"))
