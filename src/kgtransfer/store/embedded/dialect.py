"""Where the embedded engine answers otherwise than Neo4j, as warnings about a query.

The whole table, with what to write instead, stands in `docs/stores.md`.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from kgtransfer.store.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgtransfer.store.tokens import Token

__all__ = ["differences"]

_MADE_UP = frozenset({"id", "label", "name", "title", "type"})
_FUNCTIONS = {
    "KEYS": "also lists id, label, name, title and type, which the engine makes up",
    "PROPERTIES": "also holds id, label, name, title and type, which the engine makes up",
    "ROUND": "rounds a half away from zero, where Neo4j rounds it up: round(-2.5) is -3.0",
}


@lru_cache(maxsize=256)
def differences(cypher: str) -> tuple[str, ...]:
    """Query -> a sentence on each thing in it on which the embedded engine differs from Neo4j."""
    query = tokens(cypher)
    return tuple(dict.fromkeys((*_of_names(query), *_of_functions(query), *_of_marks(query))))


def _of_names(query: Sequence[Token]) -> list[str]:
    named = [
        token.text.strip("`")
        for before, token in pairwise(query)
        if before.text == "." and token.kind in ("word", "name")
    ]
    made_up = [
        f".{name} is never null: where nothing was stored, the engine makes a value up"
        for name in named
        if name in _MADE_UP
    ]
    months = [
        ".months and .years of duration.between are 0: the engine counts days (.days)"
        for name in named
        if name in ("months", "years") and any(token.text == "between" for token in query)
    ]
    return made_up + months


def _of_functions(query: Sequence[Token]) -> list[str]:
    return [
        f"{token.text}() {_FUNCTIONS[token.keyword]}"
        for token, after in pairwise(query)
        if token.kind == "word" and token.keyword in _FUNCTIONS and after.text == "("
    ]


def _of_marks(query: Sequence[Token]) -> list[str]:
    texts = [token.text for token in query]
    projected = any(texts[i : i + 2] == [".", "*"] for i in range(len(texts)))
    divided = any(
        mark == "/" and number.replace(".", "").strip("0") == "" and number[:1].isdigit()
        for mark, number in pairwise(texts)
    )
    return [
        *(["{.*} also holds id, label, name, title and type, made up"] if projected else []),
        *(["a decimal number divided by 0 is null, where Neo4j says Infinity"] if divided else []),
    ]
