"""Brackets without end: the RDF parser recurses into JSON and into triples about triples.

Where its stack ends, so does the process: no exception, nothing to catch. Turtle's lists and
unnamed nodes cost no stack, but no one nests them deep in good faith.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kgtransfer.knowledge.io.syntax_errors import located_error

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["refuse_deep_json", "refuse_deep_triples", "refuse_deep_turtle"]

MAX_DEPTH = 200
"""Deepest nesting read."""
# Strings and IRIs first: a bracket in one of them opens nothing.
JSON = re.compile(r'"(?:[^"\\]|\\.)*"|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL)
TRIPLES = re.compile(
    r'"(?:[^"\\]|\\.)*"|<(?!<)[^<>\s]*>|(?P<open><<)|(?P<close>>>)|#[^\n]*', re.DOTALL
)

# What lies between is skipped first, at one go: most of a file opens and closes nothing.
TURTLE = re.compile(
    r"""[^"'<\#\\\[\]()]*+(?:
      \"{3}(?:[^"\\]|\\.|"{1,2}(?!"))*+\"{3} | '{3}(?:[^'\\]|\\.|'{1,2}(?!'))*+'{3}
    | "(?:[^"\\\n]|\\.)*+" | '(?:[^'\\\n]|\\.)*+' | <[^<>\s]*+> | \#[^\n]*+ | \\.
    | (?P<open>[\[(]) | (?P<close>[\])]) | . | \Z )""",
    re.DOTALL | re.VERBOSE,
)


def refuse_deep_turtle(text: str, path: Path) -> None:
    """Raises an `OntologyError` where lists and unnamed nodes are nested too deep."""
    if text.count("[") + text.count("(") > MAX_DEPTH:
        _refuse_deep(TURTLE, text, path)


def refuse_deep_json(text: str, path: Path) -> None:
    """Raises an `OntologyError` where objects and arrays are nested too deep."""
    if text.count("{") + text.count("[") > MAX_DEPTH:
        _refuse_deep(JSON, text, path)


def refuse_deep_triples(text: str, path: Path) -> None:
    """Raises an `OntologyError` where triples about triples are nested too deep."""
    if text.count("<<") > MAX_DEPTH:
        _refuse_deep(TRIPLES, text, path)


def _refuse_deep(token: re.Pattern[str], text: str, path: Path) -> None:
    depth = 0
    for match in token.finditer(text):
        depth += {"open": 1, "close": -1}.get(match.lastgroup or "", 0)
        if depth > MAX_DEPTH:
            place = match.start("open")
            line, column = text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)
            message = f"nested deeper than {MAX_DEPTH}"
            raise located_error(message, text, path, line, column, "refer to nodes by IRI")
