"""Synthetic queries by rule."""

from __future__ import annotations

from kgtransfer.code.corpus import Snippet
from kgtransfer.code.graphs.api import iri_of
from kgtransfer.code.queries import ConceptWords, code_queries, graph_queries, in_context
from kgtransfer.knowledge.graph import KnowledgeGraph

SET_RAW = Snippet("x:setRaw", "setRaw", "m", "", ("name", "values"), ("self.store",), "self.raw")


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


def test_graph_queries_add_where_a_function_stands(shop_graph: KnowledgeGraph) -> None:
    around = {
        "class": [iri_of("shop.basket.Basket")],
        "module of class": [iri_of("shop.basket")],
    }
    queries = graph_queries(Snippet("x:add", "add", "m", ""), around, shop_graph)
    assert queries == ["add", "add basket", "add of the basket", "add in basket"]


def test_code_in_context_stands_under_its_class_and_module() -> None:
    around = {
        "class": [ConceptWords("ConfigParser", "")],
        "module of class": [ConceptWords("shop.basket_file", "Baskets on disk.")],
        "callers": [ConceptWords("read_all", "Reads everything.")],
    }
    code = "def f(): pass"
    assert in_context(code, around) == f"config parser basket file. Baskets on disk.\n{code}"
    place = {"module": [ConceptWords("shop.money", "")]}
    assert in_context(code, place) == f"money\n{code}"


def test_the_nearest_comment_is_said() -> None:
    around = {
        "class": [ConceptWords("A", "Of a.")],
        "module of class": [ConceptWords("b", "Of b.")],
    }
    assert in_context("pass", around) == "a b. Of a.\npass"


def test_code_without_context_is_the_code() -> None:
    assert in_context("def f(): pass", {"callers": [ConceptWords("g", "G.")]}) == "def f(): pass"


def test_words_of_a_concept_are_its_label_and_first_sentence(shop_graph: KnowledgeGraph) -> None:
    basket = ConceptWords.of(iri_of("shop.basket.Basket"), shop_graph)
    assert basket == ("Basket", "Collects articles until they are paid for.")
