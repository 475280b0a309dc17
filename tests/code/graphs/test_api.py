"""Source code as an API graph."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.code.graphs.api import API, build_code_graph, iri_of, readable
from kgtransfer.code.languages.reading import read_modules
from kgtransfer.code.languages.source import SourceModule
from kgtransfer.knowledge.check.validate import check_graph
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.utils.resources import resource


def _objects(graph: KnowledgeGraph, name: str, relation: str) -> set[str]:
    return {term.value.rpartition("/")[2] for term in graph.objects(iri_of(name), API + relation)}


def test_methods_stand_in_classes_and_classes_in_modules(shop_graph: KnowledgeGraph) -> None:
    assert _objects(shop_graph, "shop.basket.Basket.add", "partOf") == {"shop.basket.Basket"}
    assert _objects(shop_graph, "shop.basket.Basket", "partOf") == {"shop.basket"}
    assert _objects(shop_graph, "shop.basket", "partOf") == {"shop"}


def test_calls_are_resolved_through_imports_self_and_bases(shop_graph: KnowledgeGraph) -> None:
    called = _objects(shop_graph, "shop.basket.Basket.add", "calls")
    assert called == {"shop.money.total", "shop.basket.Container._count", "builtins.ValueError"}
    assert _objects(shop_graph, "shop.money._round", "calls") == {"shop.money.total"}
    assert _objects(shop_graph, "shop.money.total", "calls") == {"builtins.sum"}


def test_bases_parameters_and_exceptions_are_links(shop_graph: KnowledgeGraph) -> None:
    assert _objects(shop_graph, "shop.basket.Basket", "extends") == {"shop.basket.Container"}
    assert _objects(shop_graph, "shop.money.total", "hasParameter") == {"prices", "discount"}
    assert _objects(shop_graph, "shop.basket.Basket.add", "raises") == {"builtins.ValueError"}
    assert _objects(shop_graph, "shop.basket", "imports") == {"shop.money"}


def test_an_error_made_by_a_function_is_not_raised_as_one(tmp_path: Path) -> None:
    source = "def make(): pass\ndef f():\n    raise make()\n"
    (tmp_path / "errors.py").write_text(source)
    graph = build_code_graph(read_modules([tmp_path]))
    assert _objects(graph, "errors.f", "raises") == set()
    assert _objects(graph, "errors.f", "calls") == {"errors.make"}


def test_functions_carry_no_docstring(shop_graph: KnowledgeGraph) -> None:
    assert shop_graph.comment(iri_of("shop.basket.Basket.add")) == ""
    assert shop_graph.comment(iri_of("shop.basket.Container")) == "Anything that holds articles."


def test_a_withheld_sentence_leaves_the_comment_of_a_class(
    shop: list[SourceModule], shop_graph: KnowledgeGraph
) -> None:
    basket = iri_of("shop.basket.Basket")
    assert shop_graph.comment(basket) == "Collects articles until they are paid for."
    assert "Add an article" in build_code_graph(shop).comment(basket)


def test_the_graph_satisfies_the_shapes(graph: KnowledgeGraph) -> None:
    vocabulary = read_ontology(resource("ontology/api.ttl"))
    assert check_graph(graph | vocabulary, [resource("ontology/shapes")]) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("parseHTTPDate_2", "parse http date 2"),
        ("RawConfigParser", "raw config parser"),
        ("__init__", "init"),
        ("read", "read"),
    ],
)
def test_identifiers_are_read_as_words(name: str, words: str) -> None:
    assert readable(name) == words
