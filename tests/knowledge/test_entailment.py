from __future__ import annotations

import pyoxigraph as ox
import pytest

from kgtransfer.errors import OntologyError
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


RULES = """
:A owl:equivalentClass [ owl:intersectionOf ( :B [ owl:onProperty :p ; owl:hasValue 1 ] ) ] .
    :x a :B ; :p 1 .
    -> :A rdfs:subClassOf :B . :x a :A .

:A owl:unionOf ( :B :C ) . :x a :C . -> :B rdfs:subClassOf :A . :C rdfs:subClassOf :A . :x a :A .

:A owl:oneOf ( :x :y ) . -> :x a :A . :y a :A .

:p owl:propertyChainAxiom ( :q :r :q ) . :a :q :b . :b :r :c . :c :q :d . -> :a :p :d .

:x a [ owl:onProperty :p ; owl:maxCardinality 1 ] ; :p :y , :z . :y :q :w .
    -> :y owl:sameAs :z . :z owl:sameAs :y ; :q :w .

:x a [ owl:onProperty :p ; owl:onClass :C ; owl:maxQualifiedCardinality 1 ] ; :p :y , :z , :w .
    :y a :C . :z a :C . -> :y owl:sameAs :z . :z owl:sameAs :y .

:A owl:hasKey ( :p :q ) . :x a :A ; :p 1 ; :q 2 . :y a :A ; :p 1 ; :q 2 .
    :z a :A ; :p 1 ; :q 3 . :w :p 1 ; :q 2 . -> :x owl:sameAs :y . :y owl:sameAs :x .

:A owl:equivalentClass [ owl:onProperty :p ; owl:someValuesFrom xsd:decimal ] .
    :x :p 7 . :y :p "7" .
    -> :x a :A .

:A rdfs:subClassOf owl:Nothing . :x a :A . -> :x a owl:Nothing .
"""
"""What is stated -> what follows."""


@pytest.mark.parametrize("rule", RULES.strip().split("\n\n"))
def test_the_rules_of_owl_2_rl(rule: str) -> None:
    stated, _, follows = rule.partition("->")
    assert graph(stated).entailed() == graph(follows)


def test_too_many_terms_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgtransfer.knowledge.entailment.MAX_TERMS", 100)
    with pytest.raises(
        OntologyError, match=r"terms are too many to reason about: 100 is the limit"
    ):
        graph("".join(f":a{n} :p :b ." for n in range(100))).entailed()
