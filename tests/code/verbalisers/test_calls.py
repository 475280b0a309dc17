"""Code in any language by what it calls."""

from __future__ import annotations

from kgtransfer.code.corpus import Snippet
from kgtransfer.code.verbalisers.base import ConceptWords
from kgtransfer.code.verbalisers.calls import CALLS

LINE = Snippet("x:1", "", "", "json.load(open(filePath))")
AROUND = {"calls": {"py:load": ConceptWords("load", "Read."), "py:open": ConceptWords("open", "")}}


def test_the_code_says_what_it_calls_and_its_words() -> None:
    assert CALLS.code_queries(LINE) == ["load open", "json load open file path"]
    function = Snippet("x:2", "", "", "fn read_all(x) { load(x) }")
    assert CALLS.code_queries(function)[:2] == ["read all", "read all load"]
    assert CALLS.code_queries(Snippet("x:3", "", "", "[]")) == ["[]"]


def test_the_graph_says_what_the_functions_do() -> None:
    assert CALLS.graph_queries(LINE, AROUND) == ["Read"]
    assert CALLS.context(LINE, AROUND) == "Read\njson.load(open(filePath))"
    assert CALLS.context(LINE, {}) == LINE.code
    assert CALLS.graph_queries(LINE, {}) == CALLS.code_queries(LINE)
