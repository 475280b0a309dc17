from __future__ import annotations

from collections.abc import Callable

import pytest

from kgtransfer.knowledge.diff.descriptions import Descriptions
from kgtransfer.knowledge.diff.sentences import Sentences
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.wording import Detail

EX = "http://example.org/"
LABELS = '\n:part rdfs:label "has part" . :Nucleus rdfs:label "nucleus" . :Red rdfs:label "red" .'
Read = Callable[[str], KnowledgeGraph]


def sentence(graph: KnowledgeGraph, detail: Detail = Detail.LABELS) -> tuple[str, str]:
    (statement,) = Descriptions(graph).statements(EX + "a")
    return Sentences(graph, detail).sentence(statement)


@pytest.mark.parametrize(
    ("statement_text", "topic", "text"),
    [
        ("rdfs:subClassOf :Nucleus", "superclass", "nucleus"),
        ("a owl:Class", "type", "class"),
        ('skos:altLabel "x"@en', "synonym", '"x"@en'),
        ("owl:versionInfo 1.50", "version info", "1.50"),
        (":at '2020-01-01'^^xsd:date", "at", '"2020-01-01"^^xsd:date'),
        (":someThing :otherThing", "someThing", "otherThing"),
        (
            "rdfs:subClassOf [ owl:onProperty :part ; owl:allValuesFrom :Red ]",
            "has part",
            "only red",
        ),
        ("rdfs:subClassOf [ owl:onProperty :part ; owl:hasValue 3 ]", "has part", "value 3"),
        (
            (
                "rdfs:subClassOf [ owl:onProperty :part ; owl:onClass :Nucleus ;"
                " owl:minQualifiedCardinality 2 ]"
            ),
            "has part",
            "min 2 nucleus",
        ),
        (
            "rdfs:subClassOf [ owl:onProperty [ owl:inverseOf :part ] ; owl:someValuesFrom :Red ]",
            "inverse of has part",
            "some red",
        ),
        (
            (
                "owl:equivalentClass [ owl:intersectionOf"
                " ( :Red [ owl:onProperty :part ; owl:someValuesFrom [ owl:complementOf :Red ]] ) ]"
            ),
            "equivalent class",
            "(red and (has part some not red))",
        ),
        ("rdfs:range [ owl:unionOf ( :Red :Nucleus ) ]", "range", "(red or nucleus)"),
        ("rdfs:range [ owl:oneOf ( :Red 1 ) ]", "range", "{red, 1}"),
        (
            (
                "rdfs:range [ owl:onDatatype xsd:decimal ; owl:withRestrictions"
                " ( [ xsd:minInclusive 2 ] [ xsd:maxExclusive 5.5 ] ) ]"
            ),
            "range",
            "decimal[>= 2, < 5.5]",
        ),
        (":of ( 1 :Red )", "of", "(1, red)"),
        (":of [ a owl:Thing ; :size 2 ; :part :Red ]", "of", "[has part red; size 2]"),
    ],
)
def test_statements_in_words(turtle: Read, statement_text: str, topic: str, text: str) -> None:
    assert sentence(turtle(f":a {statement_text} .{LABELS}")) == (topic, text)


def test_facts_are_about_their_attribute(turtle: Read) -> None:
    graph = turtle("""
        :Shape rdfs:subClassOf kgt:Attribute ; rdfs:label "shape" .
        :Round rdfs:subClassOf :Shape ; rdfs:label "round" . :a kgt:never :Round .""")
    assert sentence(graph) == ("shape", "never round")
    plain = turtle(":a kgt:never :Round .")
    assert sentence(plain) == ("never", "Round")


def test_details_tell_more_apart(turtle: Read) -> None:
    graph = turtle(
        f":a rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :part ;"
        f" owl:someValuesFrom :Red ] .{LABELS}"
    )
    assert sentence(graph, Detail.IRIS) == (":part", "some :Red")
    topic, text = sentence(graph, Detail.TRIPLES)
    assert topic == "rdfs:subClassOf"
    assert text.startswith("[http://www.w3.org/1999/02/22-rdf-syntax-ns#type owl:Restriction; ")
    assert "owl:onProperty :part; owl:someValuesFrom :Red]" in text


def test_expressions_that_contain_themselves_end(turtle: Read) -> None:
    graph = turtle(":a :of _:x . _:x owl:complementOf _:x .")
    assert sentence(graph) == ("of", "not " * 13 + "...")


def test_nodes_that_share_what_is_below_them_do_not_fill_the_memory(turtle: Read) -> None:
    layers = "".join(
        f"_:n{layer}_{node} :p " + " , ".join(f"_:n{layer + 1}_{n}" for n in range(6)) + " ; "
        f":q {node} . "
        for layer in range(12)
        for node in range(6)
    )
    topic, text = sentence(turtle(f":a :of _:n0_0 . {layers}"))
    assert topic == "of"
    assert len(text) == 2003
