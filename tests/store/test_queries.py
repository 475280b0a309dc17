"""The named queries, on a small API graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kgtransfer.errors import DataError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.store.embedded import EmbeddedStore
from kgtransfer.store.queries import answer, named_query, query_names
from kgtransfer.store.security import check_read
from kgtransfer.store.sync import CONSTRAINT

PY = "https://w3id.org/kgtransfer/python/"
API = """
@prefix api: <https://w3id.org/kgtransfer/api#> .
@prefix py: <https://w3id.org/kgtransfer/python/> .
py:shelf a api:Module ; rdfs:label "shelf" .
py:Base a api:Class ; rdfs:label "Base" ; api:partOf py:shelf .
py:Box a api:Class ; rdfs:label "Box" ; api:partOf py:shelf ; api:extends py:Base .
py:Crate a api:Class ; rdfs:label "Crate" ; api:partOf py:shelf ; api:extends py:Box .
py:put a api:Method ; rdfs:label "put" ; api:partOf py:Box ; api:hasParameter py:item .
py:fill a api:Function ; rdfs:label "fill" ; api:partOf py:shelf ; api:calls py:put, py:open .
py:open a api:Function ; rdfs:label "open" ; api:partOf py:shelf .
py:item a api:Parameter .
ex:Crate rdfs:label "crate" ; rdfs:subClassOf
    [ a owl:Restriction ; owl:onProperty ex:madeOf ; owl:someValuesFrom ex:Wood ] .
ex:Wood rdfs:label "wood" .
ex:madeOf rdfs:label "made of" .
ex:Case rdfs:label "case" ; rdfs:subClassOf ex:Crate .
"""


@pytest.fixture
def shelf(store: EmbeddedStore, read: Callable[[str], KnowledgeGraph]) -> Iterator[EmbeddedStore]:
    store.sync(read(API))
    return store


@pytest.mark.parametrize(
    ("name", "params", "rows"),
    [
        ("api_functions_of_module", {"module": "shelf"}, [
            {"function": "fill", "uri": PY + "fill"}, {"function": "open", "uri": PY + "open"}]),
        ("api_callers_of_function", {"uri": PY + "put"}, [
            {"owner": "shelf", "caller": "fill", "uri": PY + "fill"}]),
        ("api_class_tree", {"uri": PY + "Base"}, [
            {"class": "Box", "uri": PY + "Box"}, {"class": "Crate", "uri": PY + "Crate"}]),
        ("api_context_of_function", {"uri": PY + "put"}, [
            {"relation": "api__hasParameter", "concept": None, "uri": PY + "item"},
            {"relation": "api__partOf", "concept": "Box", "uri": PY + "Box"}]),
        ("api_most_called", {}, [{"owner": "shelf", "function": "open", "callers": 1}]),
        ("api_deepest_context", {}, [
            {"class": "Box", "superclass": "Base", "methods": 1, "callers": 1}]),
        ("api_conditioning_concepts", {}, [
            {"uri": PY + name} for name in
            ("Base", "Box", "Crate", "fill", "item", "open", "put", "shelf")]),
        ("unlabelled_concepts", {}, [{"uri": PY + "item"}]),
        ("derived_restrictions", {"uri": "http://example.org/cell#Case"}, [
            {"class": "http://example.org/cell#Crate", "relation": "ex__madeOf",
             "filler": "http://example.org/cell#Wood"}]),
    ],
)  # fmt: skip
def test_answers(
    shelf: EmbeddedStore, name: str, params: dict[str, Any], rows: list[dict[str, Any]]
) -> None:
    assert answer(shelf, name, params).rows == rows


def test_every_query_has_a_question_and_passes_the_read_gate() -> None:
    assert len(query_names()) >= 9
    for name in query_names():
        query = named_query(name)
        check_read(query.cypher)
        assert "?" in query.question


def test_an_unknown_query_names_the_known() -> None:
    with pytest.raises(DataError, match="no query named 'nope'") as caught:
        named_query("nope")
    assert "api_class_tree" in caught.value.cure


def test_the_documented_constraint_is_the_one_in_force() -> None:
    text = (Path(__file__).parents[2] / "kg" / "constraints.cypher").read_text()
    assert text.splitlines()[-1] == CONSTRAINT
