from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.obo.reader import read_obo

PREFIXES = """
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix o: <http://www.geneontology.org/formats/oboInOwl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
TERM = 'obo:A_1 a owl:Class ; o:id "A:1" .\n'
RELATION = 'obo:R_1 a owl:ObjectProperty ; o:id "R:1" .\n'
SOME = "[ a owl:Restriction ; owl:onProperty obo:R_1 ; owl:someValuesFrom obo:A_3 ]"


def axiom(predicate: str, target: str, notes: str) -> str:
    return (
        f"[] a owl:Axiom ; owl:annotatedSource obo:A_1 ; owl:annotatedProperty {predicate} ;"
        f" owl:annotatedTarget {target} ; {notes} ."
    )


def from_obo(text: str) -> KnowledgeGraph:
    return KnowledgeGraph(read_obo(text, Path("a.obo")).triples)


def from_turtle(text: str) -> KnowledgeGraph:
    parser = ox.parse(input=PREFIXES + text, format=ox.RdfFormat.TURTLE)
    return KnowledgeGraph(quad.triple for quad in parser)


@pytest.mark.parametrize(
    ("clause", "turtle"),
    [
        ("name: white\\, cell", 'obo:A_1 rdfs:label "white, cell" .'),
        ('def: "a \\"b\\"\\nc" []', 'obo:A_1 obo:IAO_0000115 "a \\"b\\"\\nc" .'),
        (
            'def: "a" [B:1 "said", http://e/f]',
            'obo:A_1 obo:IAO_0000115 "a" .'
            + axiom("obo:IAO_0000115", '"a"', 'o:hasDbXref "B:1" , "http://e/f"'),
        ),
        ("comment: seen! ! not this", 'obo:A_1 rdfs:comment "seen" .'),
        ('synonym: "b" NARROW []', 'obo:A_1 o:hasNarrowSynonym "b" .'),
        (
            'synonym: "b" EXACT plural [B:1]',
            'obo:A_1 o:hasExactSynonym "b" .'
            + axiom(
                "o:hasExactSynonym",
                '"b"',
                'o:hasDbXref "B:1" ; o:hasSynonymType <http://purl.obolibrary.org/obo/TEMP#plural>',
            ),
        ),
        ("xref: B:1", 'obo:A_1 o:hasDbXref "B:1" .'),
        (
            'xref: B:1 "said"',
            'obo:A_1 o:hasDbXref "B:1" .' + axiom("o:hasDbXref", '"B:1"', 'rdfs:label "said"'),
        ),
        ("is_a: A:2 ! two", "obo:A_1 rdfs:subClassOf obo:A_2 ."),
        (
            'is_a: A:2 {is_inferred="true"}',
            "obo:A_1 rdfs:subClassOf obo:A_2 ."
            + axiom("rdfs:subClassOf", "obo:A_2", 'o:is_inferred "true"'),
        ),
        (
            'is_a: A:2 {gci_relation="R:1", gci_filler="A:3"}',
            f"[ a owl:Class ; owl:intersectionOf ( obo:A_1 {SOME} ) ] rdfs:subClassOf obo:A_2 .",
        ),
        ("disjoint_from: A:2", "obo:A_1 owl:disjointWith obo:A_2 ."),
        ("equivalent_to: A:2", "obo:A_1 owl:equivalentClass obo:A_2 ."),
        (
            "union_of: A:2\nunion_of: A:3",
            "obo:A_1 owl:equivalentClass [ a owl:Class ; owl:unionOf ( obo:A_2 obo:A_3 ) ] .",
        ),
        (
            "intersection_of: A:2\nintersection_of: R:1 A:3",
            f"obo:A_1 owl:equivalentClass [ a owl:Class ; owl:intersectionOf (obo:A_2 {SOME}) ].",
        ),
        ("relationship: R:1 A:3", f"obo:A_1 rdfs:subClassOf {SOME} ."),
        ("is_obsolete: true", "obo:A_1 owl:deprecated true ."),
        ("replaced_by: A:2", "obo:A_1 obo:IAO_0100001 obo:A_2 ."),
        ("consider: A:2", "obo:A_1 o:consider obo:A_2 ."),
        ("alt_id: A:9", 'obo:A_1 o:hasAlternativeId "A:9" .'),
        ("subset: slim", "obo:A_1 o:inSubset <http://purl.obolibrary.org/obo/TEMP#slim> ."),
        ("namespace: cell", 'obo:A_1 o:hasOBONamespace "cell" .'),
        ("created_by: someone", 'obo:A_1 o:created_by "someone" .'),
        (
            "creation_date: 2020-01-02T03:04:05Z",
            'obo:A_1 o:creation_date "2020-01-02T03:04:05Z"^^xsd:dateTime .',
        ),
        (
            "creation_date: 2020-01-02T03:04:05.06Z",
            'obo:A_1 o:creation_date "2020-01-02T03:04:05.060Z"^^xsd:dateTime .',
        ),
        ("creation_date: 2020-01-02", 'obo:A_1 o:creation_date "2020-01-02"^^xsd:date .'),
        ('property_value: R:2 "4" xsd:integer', "obo:A_1 obo:R_2 4 ."),
        ("property_value: R:2 http://e/a", "obo:A_1 obo:R_2 <http://e/a> ."),
        ("is_anonymous: true", "obo:A_1 o:is_anonymous true ."),
    ],
)
def test_a_clause_of_a_term(clause: str, turtle: str) -> None:
    assert from_obo(f"[Term]\nid: A:1\n{clause}\n") == from_turtle(TERM + turtle)


@pytest.mark.parametrize(
    ("clause", "turtle"),
    [
        ("is_a: R:2", "obo:R_1 rdfs:subPropertyOf obo:R_2 ."),
        ("equivalent_to: R:2", "obo:R_1 owl:equivalentProperty obo:R_2 ."),
        ("disjoint_from: R:2", "obo:R_1 owl:propertyDisjointWith obo:R_2 ."),
        ("inverse_of: R:2", "obo:R_1 owl:inverseOf obo:R_2 ."),
        ("domain: A:1\nrange: A:2", "obo:R_1 rdfs:domain obo:A_1 ; rdfs:range obo:A_2 ."),
        ("holds_over_chain: R:2 R:3", "obo:R_1 owl:propertyChainAxiom ( obo:R_2 obo:R_3 ) ."),
        ("equivalent_to_chain: R:2 R:3", "obo:R_1 owl:propertyChainAxiom ( obo:R_2 obo:R_3 ) ."),
        ("transitive_over: R:2", "obo:R_1 owl:propertyChainAxiom ( obo:R_1 obo:R_2 ) ."),
        ("is_transitive: true", "obo:R_1 a owl:TransitiveProperty ."),
        ("is_symmetric: false", ""),
        ("is_functional: true", "obo:R_1 a owl:FunctionalProperty ."),
        ("is_anti_symmetric: true", "obo:R_1 obo:IAO_0000427 true ."),
        ("is_class_level: true", "obo:R_1 o:is_class_level true ."),
        ('expand_expression_to: "x" []', 'obo:R_1 obo:IAO_0000424 "x" .'),
        ("relationship: R:2 R:3", "obo:R_1 obo:R_2 obo:R_3 ."),
        ("intersection_of: R:2", 'obo:R_1 o:intersection_of "R:2" .'),
    ],
)
def test_a_clause_of_a_relation(clause: str, turtle: str) -> None:
    assert from_obo(f"[Typedef]\nid: R:1\n{clause}\n") == from_turtle(RELATION + turtle)


def test_an_instance() -> None:
    instance = "[Instance]\nid: A:1\nname: one\ninstance_of: A:2\nrelationship: R:1 A:3\n"
    assert from_obo(instance) == from_turtle(
        'obo:A_1 a owl:NamedIndividual , obo:A_2 ; o:id "A:1" ; rdfs:label "one" ;'
        " obo:R_1 obo:A_3 ."
    )


def test_a_relation_for_annotations_makes_no_axiom() -> None:
    text = "[Term]\nid: A:1\nrelationship: R:1 A:2\n\n[Typedef]\nid: R:1\nis_metadata_tag: true\n"
    assert from_obo(text) == from_turtle(
        TERM + "obo:A_1 obo:R_1 obo:A_2 ."
        'obo:R_1 a owl:AnnotationProperty ; o:id "R:1" ; o:is_metadata_tag true .'
    )
