"""Synthetic queries by rule."""

from __future__ import annotations

from pathlib import Path

from kgtransfer.code.corpus import Snippet
from kgtransfer.code.graphs.api import iri_of
from kgtransfer.code.queries import code_queries, graph_queries, in_context
from kgtransfer.code.verbalisers.base import ConceptWords
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

SET_RAW = Snippet("x:setRaw", "setRaw", "m", "", ("name", "values"), ("self.store",), "self.raw")
CLASS = {"py:shop.basket.Basket": ConceptWords("Basket", "Of a.")}


def function(name: str, code: str) -> Snippet:
    return Snippet(f"py:{name}", name, "shop", code)


def test_code_queries_say_what_the_code_says() -> None:
    assert code_queries(SET_RAW) == [
        "set raw",
        "set raw name values",
        "set raw store",
        "set raw return self raw",
        "name values store",
    ]


def test_a_template_with_nothing_to_say_is_left_out() -> None:
    assert code_queries(Snippet("x:f", "f", "m", "def f(): pass")) == ["f"]


def test_graph_queries_add_where_a_function_stands() -> None:
    module = {"py:shop.basket": ConceptWords("shop.basket", "")}
    around = {"class": CLASS, "module of class": module}
    queries = graph_queries(function("add", ""), around)
    assert queries == ["add", "add basket", "add of the basket", "add in basket"]


def test_code_in_context_stands_under_its_class_and_module() -> None:
    around = {
        "class": {"py:C": ConceptWords("ConfigParser", "")},
        "module of class": {"py:m": ConceptWords("shop.basket_file", "Baskets on disk.")},
        "callers": {"py:r": ConceptWords("read_all", "Reads everything.")},
    }
    code = "def f(): pass"
    said = in_context(function("f", code), around)
    assert said == f"config parser basket file. Baskets on disk.\n{code}"
    place = {"module": {"py:money": ConceptWords("shop.money", "")}}
    assert in_context(function("f", code), place) == f"money\n{code}"


def test_the_nearest_comment_is_said() -> None:
    around = {"class": CLASS, "module of class": {"py:b": ConceptWords("b", "Of b.")}}
    assert in_context(function("f", "pass"), around) == "basket b. Of a.\npass"


def test_synonyms_that_people_added_are_said() -> None:
    basket = ConceptWords("TeaBasket", "", ("cart", "tea basket"))
    around = {"class": {"x:Basket": basket}}
    add = Snippet("x:add", "add", "m", "pass")
    assert graph_queries(add, around) == [
        "add",
        "add tea basket cart",
        "add of the tea basket cart",
    ]
    assert in_context(add, around) == "tea basket cart\npass"


def test_a_term_written_beside_the_graph_is_said(
    shop_graph: KnowledgeGraph, tmp_path: Path
) -> None:
    basket = iri_of("shop.basket.Basket")
    beside = tmp_path / "terms.ttl"
    beside.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        f'<{basket}> skos:altLabel "shopping cart" ; skos:definition "What a buyer holds." .\n'
    )
    graph = read_ontology(beside) | shop_graph
    around = {"class": {basket: ConceptWords.of(basket, graph)}}
    add = Snippet("x:add", "add", "m", "pass")
    assert in_context(add, around) == "basket shopping cart. What a buyer holds.\npass"
    assert "add of the basket shopping cart" in graph_queries(add, around)


def test_code_without_context_is_the_code() -> None:
    around = {"callers": {"py:g": ConceptWords("g", "G.")}}
    assert in_context(function("f", "def f(): pass"), around) == "def f(): pass"
