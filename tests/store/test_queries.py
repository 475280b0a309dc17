"""The named queries, on a small API graph."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kgtransfer.errors import DataError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.store.embedded.store import EmbeddedStore
from kgtransfer.store.queries import (
    NamedQuery,
    answer,
    is_name,
    named_query,
    parameters,
    query_names,
)
from kgtransfer.store.security import check_read
from kgtransfer.store.sync import CONSTRAINT

PY = "https://w3id.org/kgtransfer/python/"
API = """
@prefix api: <https://w3id.org/kgtransfer/api#> .
@prefix py: <https://w3id.org/kgtransfer/python/> .
@prefix sql: <https://w3id.org/kgtransfer/sql#> .
@prefix bash: <https://w3id.org/kgtransfer/bash#> .
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
ex:zoo a sql:Database ; rdfs:label "zoo" .
ex:animal a sql:Table ; rdfs:label "animal" ; sql:partOf ex:zoo .
ex:keeper a sql:Table ; rdfs:label "keeper" ; sql:partOf ex:zoo .
ex:count a sql:Query ; rdfs:label "count" ; sql:reads ex:animal .
ex:join a sql:Query ; rdfs:label "join" ; sql:reads ex:animal , ex:keeper .
ex:find a bash:Command ; rdfs:label "find" .
ex:line rdfs:label "line" ; bash:runs ex:find .
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
        ("sql_most_read", {}, [
            {"database": "zoo", "table": "animal", "queries": 2},
            {"database": "zoo", "table": "keeper", "queries": 1}]),
        ("bash_most_run", {}, [{"command": "find", "lines": 1}]),
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
        assert query.params.keys() == set(re.findall(r"\$(\w+)", query.cypher))
        assert all(query.params.values())


@pytest.mark.parametrize("name", ["nope", "../constraints", "../../kg/queries/hubs", "", "Hubs"])
def test_an_unknown_query_names_the_known(name: str) -> None:
    with pytest.raises(DataError, match="no query named") as caught:
        named_query(name)
    assert "api_class_tree" in caught.value.cure


def test_a_mistyped_query_and_a_file_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        named_query("hub")
    assert caught.value.cure.startswith("did you mean hubs? named queries are: ancestors, ")
    file = tmp_path / "q.cypher"
    file.write_bytes(b"MATCH \xff\xfe")
    with pytest.raises(DataError, match="is no text in UTF-8"):
        named_query(str(file))


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.cypher"
    file.write_text("// How many?\n// $least: from where on\n\nUNWIND [1] AS n // one\nRETURN n\n")
    assert named_query(str(file)) == NamedQuery(
        "mine", "How many?", "UNWIND [1] AS n // one\nRETURN n", {"least": "from where on"}
    )
    file.write_text("RETURN 1 AS n")
    assert named_query(str(file)) == NamedQuery("mine", "mine", "RETURN 1 AS n", {})


@pytest.mark.parametrize("params", [{}, {"url": "x"}, {"uri": "x", "label": "y"}])
def test_parameters_are_the_ones_that_a_query_takes(
    shelf: EmbeddedStore, params: dict[str, str]
) -> None:
    with pytest.raises(DataError, match="api_class_tree got other parameters") as caught:
        answer(shelf, "api_class_tree", params)
    assert "$uri (the IRI of the class)" in caught.value.cure


def test_parameters_are_json_where_they_can_be() -> None:
    pairs = ["n=3", "name=json", 'l=["a"]', "uri=http://x.example/a?b=c", "none=null", "empty="]
    assert parameters(pairs) == {
        "n": 3,
        "name": "json",
        "l": ["a"],
        "uri": "http://x.example/a?b=c",
        "none": None,
        "empty": "",
    }


@pytest.mark.parametrize("pairs", [["x"], ["=1"], ["a b=1"], ["$a=1"], ["a=1", "a=2"]])
def test_parameters_of_another_form(pairs: list[str]) -> None:
    with pytest.raises(DataError, match="is no parameter"):
        parameters(pairs)


@pytest.mark.parametrize(
    ("text", "named"),
    [("hubs", True), ("a/b.cypher", True), ("RETURN 1", False), ("MATCH", False), ("a b", False)],
)
def test_names_are_told_from_cypher(text: str, named: bool) -> None:
    assert is_name(text) is named


def test_the_documented_constraint_is_the_one_in_force() -> None:
    text = (Path(__file__).parents[2] / "kg" / "constraints.cypher").read_text()
    assert text.splitlines()[-1] == CONSTRAINT
