"""Synthetic queries by rule."""

from __future__ import annotations

from kgtransfer.grounding.verbalise import code_queries, graph_queries, in_context
from kgtransfer.knowledge.build.code import iri_of
from kgtransfer.knowledge.graph import KnowledgeGraph

CODE = "def setRaw(self, name, *values):\n    store(name)\n    return self.raw"


def test_code_queries_say_what_the_code_says() -> None:
    assert code_queries("setRaw", CODE) == [
        "set raw",
        "set raw name values",
        "set raw store",
        "set raw return self raw",
        "name values store",
    ]


def test_a_template_with_nothing_to_say_is_left_out() -> None:
    assert code_queries("f", "def f(): pass") == ["f"]


def test_graph_queries_add_where_a_function_stands(shop_graph: KnowledgeGraph) -> None:
    around = {
        "class": [iri_of("shop.basket.Basket")],
        "module of class": [iri_of("shop.basket")],
    }
    queries = graph_queries("add", "def add(self): pass", around, shop_graph)
    assert queries == ["add", "add basket", "add of the basket", "add in basket"]


def test_code_in_context_stands_under_its_class_and_module() -> None:
    around = {
        "class": ["ConfigParser"],
        "module of class": ["shop.basket_file"],
        "callers": ["read_all"],
    }
    assert in_context("def f(): pass", around) == "config parser basket file\ndef f(): pass"
    assert in_context("def f(): pass", {"module": ["shop.money"]}) == "money\ndef f(): pass"


def test_code_without_context_is_the_code() -> None:
    assert in_context("def f(): pass", {"callers": ["g"]}) == "def f(): pass"
