"""Functions in words, by rule: queries for those that nobody has described, and their context."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING

from kgtransfer.code.graphs.api import readable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.code.corpus import Snippet
    from kgtransfer.code.verbalisers.base import Around, ConceptWords

__all__ = [
    "CODE_TEMPLATES",
    "GRAPH_TEMPLATES",
    "code_queries",
    "graph_queries",
    "in_context",
]

#: What the code alone can say: the RAPID-like baseline without a graph.
CODE_TEMPLATES = (
    "{name}",
    "{name} {parameters}",
    "{name} {calls}",
    "{name} return {returned}",
    "{parameters} {calls}",
)

#: What the graph adds: where a function stands.
GRAPH_TEMPLATES = (
    *CODE_TEMPLATES,
    "{name} {class}",
    "{name} of the {class}",
    "{name} in {module}",
)

#: Relations that say where a function stands, the nearest first.
PLACES = ("class", "module", "module of class")
MOST_NAMES = 3  # of what a function takes, of what it calls, and of a class or module


def code_queries(snippet: Snippet) -> list[str]:
    """A function -> queries by rule: its name, without and with what it takes, calls, returns."""
    return _filled(CODE_TEMPLATES, _code_slots(snippet))


def graph_queries(snippet: Snippet, around: Around) -> list[str]:
    """A function and the concepts around it -> queries by rule.

    Args:
        snippet: the function.
        around: relation -> the words for the concepts that it is grounded on.
    """
    return _filled(GRAPH_TEMPLATES, {**_code_slots(snippet), **_place_slots(around)})


def in_context(snippet: Snippet, around: Around) -> str:
    """A function's code -> the same under a line about its place, and what the nearer is for.

    Args:
        snippet: the function.
        around: relation -> the words for the concepts that it is grounded on.
    """
    place = " ".join(words for words in _place_slots(around).values() if words)
    nearest = [words.about for relation in PLACES for words in _first(around, relation)]
    about = next(filter(None, nearest), "")
    line = ". ".join(filter(None, (place, about)))
    return f"{line}\n{snippet.code}" if line else snippet.code


def _place_slots(around: Around) -> dict[str, str]:
    modules = [*_first(around, "module"), *_first(around, "module of class")]
    return {
        "class": _joined([name for words in _first(around, "class") for name in _names(words)]),
        "module": _joined([name for words in modules[:1] for name in _names(words)]),
    }


def _names(words: ConceptWords) -> list[str]:
    """The last part of a dotted label, and the synonyms that people added to it."""
    label = words.label.rpartition(".")[2]
    known = {readable(words.label), readable(label)}
    added = (synonym for synonym in words.synonyms if readable(synonym) not in known)
    return [label, *added][:MOST_NAMES]


def _first(around: Around, relation: str) -> list[ConceptWords]:
    """The words for the first concept by a relation, if there is one."""
    return list(around.get(relation, {}).values())[:1]


def _code_slots(snippet: Snippet) -> dict[str, str]:
    called = dict.fromkeys(name.rpartition(".")[2] for name in snippet.calls)
    return {
        "name": readable(snippet.name),
        "parameters": _joined(snippet.parameters[:MOST_NAMES]),
        "calls": _joined([*called][:MOST_NAMES]),
        "returned": _joined([snippet.returned]),
    }


def _filled(templates: Sequence[str], slots: Mapping[str, str]) -> list[str]:
    """Every template whose slots all have something to say; the first one at the least."""
    texts = [
        template.format_map(slots)
        for template in templates
        if all(slots[field] for _, field, _, _ in Formatter().parse(template) if field)
    ]
    return list(dict.fromkeys(texts)) or [templates[0].format_map(slots)]


def _joined(identifiers: Sequence[str]) -> str:
    return " ".join(words for words in map(readable, identifiers) if words)
