from __future__ import annotations

import pyoxigraph as ox
import pytest

from kgtransfer.knowledge.graph import KnowledgeGraph

PREFIXES = """
@prefix : <http://e/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CELLS = """
:Neutrophil a owl:Class ; rdfs:subClassOf :Granulocyte .
:Granulocyte a owl:Class ; rdfs:subClassOf :Leukocyte .
:Leukocyte rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :shows ; owl:hasValue :nucleus ] .
:partOf a owl:TransitiveProperty ; rdfs:subPropertyOf :touches .
:cell7 a :Neutrophil ; :partOf :blood ; rdfs:label "seven"@en ; :count "07" .
:blood :partOf :body .
:name rdfs:subPropertyOf rdfs:label . :cell7 :name "VII" , "sieben"@de , 7.50 .
"""
FOLLOWS = """
:Neutrophil rdfs:subClassOf :Leukocyte .
:cell7 a :Granulocyte , :Leukocyte ; :shows :nucleus ; :partOf :body ; :touches :blood , :body ;
    rdfs:label "VII" , "sieben"@de , 7.50 .
:blood :touches :body .
"""


def graph(turtle: str) -> KnowledgeGraph:
    parser = ox.parse(input=PREFIXES + turtle, format=ox.RdfFormat.TURTLE)
    return KnowledgeGraph((quad.triple for quad in parser), {"": "http://e/"})


def test_what_follows_comes_apart_from_what_is_asserted() -> None:
    cells = graph(CELLS)
    assert cells.entailed() == graph(FOLLOWS)
    assert set(cells.entailed().triples).isdisjoint(cells.triples)
    assert cells.entailed().expand(":cell7") == "http://e/cell7"


@pytest.mark.parametrize("turtle", ["", ":a :p :b .", ':a :p "01"^^xsd:integer .'])
def test_where_nothing_follows_the_graph_is_empty(turtle: str) -> None:
    assert len(graph(turtle).entailed()) == 0
