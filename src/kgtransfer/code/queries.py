"""Functions in words, by rule: queries for those that nobody has described, and their context."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING, NamedTuple

from kgtransfer.code.graphs.api import readable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.code.corpus import Snippet
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = [
    "CODE_TEMPLATES",
    "GRAPH_TEMPLATES",
    "ConceptWords",
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
MOST_WORDS = 20  # of a comment, in a context
MOST_NAMES = 3  # of what a function takes, and of what it calls


class ConceptWords(NamedTuple):
    """What a context says of a concept: its label and its comment's first sentence."""

    label: str
    about: str

    @classmethod
    def of(cls, iri: str, graph: KnowledgeGraph) -> ConceptWords:
        """From a graph's label and comment; a long sentence is cut."""
        sentence = re.split(r"(?<=[.!?])\s", graph.comment(iri), maxsplit=1)[0]
        return cls(graph.label(iri), " ".join(sentence.split()[:MOST_WORDS]))


def code_queries(snippet: Snippet) -> list[str]:
    """A function -> queries by rule: its name, without and with what it takes, calls, returns."""
    return _filled(CODE_TEMPLATES, _code_slots(snippet))


def graph_queries(
    snippet: Snippet, around: Mapping[str, Sequence[str]], graph: KnowledgeGraph
) -> list[str]:
    """A function and the concepts around it -> queries by rule.

    Args:
        snippet: the function.
        around: relation -> IRIs of the concepts.
        graph: labels of the concepts.
    """
    labels = {relation: [graph.label(iri) for iri in iris] for relation, iris in around.items()}
    return _filled(GRAPH_TEMPLATES, {**_code_slots(snippet), **_place_slots(labels)})


def in_context(code: str, around: Mapping[str, Sequence[ConceptWords]]) -> str:
    """Code -> the same under a line about its place: class, module, what the nearer is for.

    Args:
        code: its source without the docstring.
        around: relation -> the words for the concepts that it is grounded on.
    """
    labels = {relation: [words.label for words in cell] for relation, cell in around.items()}
    place = " ".join(words for words in _place_slots(labels).values() if words)
    nearest = [around[relation][0].about for relation in PLACES if around.get(relation)]
    about = next(filter(None, nearest), "")
    line = ". ".join(filter(None, (place, about)))
    return f"{line}\n{code}" if line else code


def _place_slots(labels: Mapping[str, Sequence[str]]) -> dict[str, str]:
    modules = (*labels.get("module", ()), *labels.get("module of class", ()))
    return {
        "class": _joined(labels.get("class", ())[:1]),
        "module": _joined([label.rpartition(".")[2] for label in modules[:1]]),
    }


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
