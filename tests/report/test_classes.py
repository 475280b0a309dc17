from __future__ import annotations

import pyoxigraph as ox

from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.report.classes import concept_classes

EX = "http://x.example/"
PREFIXES = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <http://x.example/> .
"""
ZOO = """
:Animal a owl:Class . :Bird a owl:Class ; rdfs:subClassOf :Animal .
:Fish a owl:Class ; rdfs:subClassOf :Animal .
:Eagle rdfs:subClassOf :Bird . :Owl rdfs:subClassOf :Bird .
:Carp rdfs:subClassOf :Fish . :Eel rdfs:subClassOf :Fish . :note a owl:AnnotationProperty .
"""


def classes(text: str, most: int) -> dict[str, str]:
    parsed = ox.parse((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE)
    graph = KnowledgeGraph(quad.triple for quad in parsed)
    found = concept_classes(graph, graph.concepts, most)
    return {iri.removeprefix(EX): kind.removeprefix(EX) for iri, kind in found.items()}


def test_a_single_root_is_parted_into_what_is_below_it() -> None:
    assert classes(ZOO, 7) == {
        **dict.fromkeys(("Bird", "Eagle", "Owl"), "Bird"),
        **dict.fromkeys(("Fish", "Carp", "Eel"), "Fish"),
    }


def test_a_class_stays_whole_where_its_parts_would_be_too_many() -> None:
    animals = ("Animal", "Bird", "Eagle", "Owl", "Fish", "Carp", "Eel")
    assert classes(ZOO, 1) == dict.fromkeys(animals, "Animal")


def test_a_class_stays_whole_where_most_concepts_fall_into_no_part() -> None:
    alone = "".join(f":a{n} rdfs:subClassOf :Animal ." for n in range(4))
    assert set(classes(ZOO + alone, 7).values()) == {"Animal"}


def test_instances_and_narrower_concepts_belong_to_their_class() -> None:
    text = """
    :red a :Colour . :blue a :Colour . :navy skos:broader :blue ; a skos:Concept .
    :pot a :Form . :cup a :Form . :mug a :Form . :alone a owl:NamedIndividual .
    """
    assert classes(text, 7) == {
        **dict.fromkeys(("red", "blue", "navy"), "Colour"),
        **dict.fromkeys(("pot", "cup", "mug"), "Form"),
    }


def test_only_the_largest_classes_have_a_colour() -> None:
    text = "".join(f":{kind}{n} a :{kind} ." for n, kind in enumerate("AAAABBBBBCCC"))
    assert set(classes(text, 2).values()) == {"A", "B"}


def test_a_hierarchy_that_bites_its_tail_ends() -> None:
    ring = ":A rdfs:subClassOf :B . :B rdfs:subClassOf :C . :C rdfs:subClassOf :A ."
    assert classes(ring, 7) == {}


def test_a_graph_without_classes_has_none() -> None:
    assert classes(":a :knows :b . :b :knows :c . :c :knows :a .", 7) == {}
