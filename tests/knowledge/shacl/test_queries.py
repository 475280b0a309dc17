from __future__ import annotations

import pytest
import rdflib

from kgtransfer.knowledge.shacl.queries import outward_queries

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
