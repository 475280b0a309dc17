"""Shell code in words."""

from __future__ import annotations

from kgtransfer.code.corpus import Snippet
from kgtransfer.code.graphs.bash import COMMAND
from kgtransfer.code.verbalisers.base import ConceptWords
from kgtransfer.code.verbalisers.bash import SHELL

LINE = Snippet("x:1", "", "", "find src -name '*.py' | wc -l")
AROUND = {
    "commands": {COMMAND + "find": ConceptWords("find", "Find files.")},
    "examples": {COMMAND + "find/example/0": ConceptWords("Find files by extension", "")},
}


def test_the_code_says_its_words() -> None:
    assert SHELL.code_queries(LINE) == ["find src name py wc l", "src *.py "]
    assert SHELL.code_queries(Snippet("x:1", "", "", "$@")) == ["$@"]


def test_the_context_says_what_commands_are_for() -> None:
    said = "Find files. Find files by extension. src *.py"
    assert SHELL.context(LINE, AROUND) == said
    assert SHELL.graph_queries(LINE, AROUND) == ["Find files by extension", said]


def test_code_of_unknown_commands_is_its_own_context() -> None:
    alone = Snippet("x:1", "", "", "frobnicate")
    assert SHELL.context(alone, {}) == "frobnicate"
    assert SHELL.graph_queries(alone, {}) == ["frobnicate"]
