"""Synthetic queries by rule."""

from __future__ import annotations

from kgtransfer.code.corpus import Snippet
from kgtransfer.code.queries import code_queries, graph_queries, in_context
from kgtransfer.code.verbalisers.base import ConceptWords

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


def test_code_without_context_is_the_code() -> None:
    around = {"callers": {"py:g": ConceptWords("g", "G.")}}
    assert in_context(function("f", "def f(): pass"), around) == "def f(): pass"
