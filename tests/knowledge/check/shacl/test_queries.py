from __future__ import annotations

import pytest
import rdflib
from rdflib.plugins.sparql import parser, processor

from kgtransfer.knowledge.check.shacl.queries import outward_queries, parse_once

SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
NODE = rdflib.URIRef("http://e/S")


def reasons(query: str, predicate: rdflib.URIRef = SH.select) -> list[tuple[str, str]]:
    shapes = rdflib.Graph()
    shapes.add((NODE, predicate, rdflib.Literal(query)))
    return list(outward_queries(shapes))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE { SERVICE <http://e/> { $this ?p ?o } }",
        r"SELECT $this WHERE { SE\u0052VICE <http://e/> { $this ?p ?o } }",
        r"SELECT $this WHERE { SE\u005cu0052VICE <http://e/> { $this ?p ?o } }",
        r"SELECT $this WHERE { SE\U00000052VICE <http://e/> { $this ?p ?o } }",
        "SELECT $this WHERE { $this a ?k FILTER EXISTS { service ?k { $this ?p ?o } } }",
        r"SELECT $this FR\u004FM <http://e/> WHERE { $this ?p ?o }",
        "ASK FROM NAMED <http://e/> { ?s ?p ?o }",
        "this is no query, but it says SERVICE",
    ],
)
def test_queries_that_ask_other_sources_are_named(query: str) -> None:
    assert reasons(query) == [("http://e/S", "it asks other sources (SERVICE, FROM)")]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE { $this <http://e/service> ?service ; <http://e/from> ?from }",
        'SELECT $this WHERE { $this ?p ?o FILTER(?o = "SERVICE <http://e/> FROM <http://e/>") }',
        "SELECT $this WHERE { $this $PATH ?value } # FROM here on",
        "this is no query",
    ],
)
def test_words_alone_ask_nobody(query: str) -> None:
    assert reasons(query) == []


def test_an_update_is_never_run() -> None:
    update = "INSERT DATA { <http://e/a> a <http://e/b> }"
    assert reasons(update, SH.update) == [("http://e/S", "it changes the graph (sh:update)")]


def test_a_query_is_parsed_once_and_answers_each_binding(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = list[str]()
    parse = parser.parseQuery
    monkeypatch.setattr(processor.SPARQLProcessor, "query", processor.SPARQLProcessor.query)
    monkeypatch.setattr(parser, "parseQuery", lambda text: (parsed.append(text), parse(text))[1])
    parse_once()
    text = "<http://e/a> <http://e/p> 1 , 2 . <http://e/b> <http://e/p> 3 ; <http://e/q> 4 ."
    graph = rdflib.Graph().parse(data=text, format="turtle")
    query = "SELECT ?v { $this e:p ?v FILTER NOT EXISTS { $this <http://e/q> ?w } }"

    def values(node: str, namespace: str = "http://e/") -> set[object]:
        names = {"e": rdflib.Namespace(namespace)}
        answer = graph.query(query, initNs=names, initBindings={"this": rdflib.URIRef(node)})
        return {row["v"].toPython() for row in answer}

    nodes = ("http://e/a", "http://e/b", "http://e/c", "http://e/a")
    assert [values(node) for node in nodes] == [{1, 2}, set(), set(), {1, 2}]
    assert parsed == [query]
    assert values("http://e/a", "http://other/") == set()  # the same text in other words
