"""`Verbaliser`: a kind of code as data: what it is grounded on, and how it is said in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from kgtransfer.code.corpus import Snippet
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["Around", "ConceptWords", "Step", "Verbaliser"]

MOST_WORDS = 20  # of a comment, in a context


class ConceptWords(NamedTuple):
    """What people say for a concept: its label, its comment's first sentence, its synonyms."""

    label: str
    about: str
    synonyms: tuple[str, ...] = ()

    @classmethod
    def of(cls, iri: str, graph: KnowledgeGraph) -> ConceptWords:
        """From a graph's label, comment and synonyms; a long sentence is cut."""
        sentence = re.split(r"(?<=[.!?])\s", graph.comment(iri), maxsplit=1)[0]
        about = " ".join(sentence.split()[:MOST_WORDS])
        return cls(graph.label(iri), about, tuple(graph.synonyms(iri)))


Around: TypeAlias = Mapping[str, Mapping[str, ConceptWords]]
"""Relation -> IRIs of the concepts that a piece of code is grounded on by it, and their words."""


@dataclass(frozen=True)
class Step:
    """One step of a path: along a property or against it, to concepts of some classes only."""

    relation: str
    inverse: bool = False
    to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verbaliser:
    """A kind of code: one value for functions, one for SQL, one for bash; or one of your own.

    Attributes:
        vocabulary: Turtle of the terms that its graph is written in.
        namespace: of the properties and classes that `paths` name.
        paths: relation -> steps through the graph to the concepts that ground a piece of code.
        code_queries: what people may ask for a piece of code, from the code alone; one at the
            least.
        graph_queries: the same, with the concepts around it; one at the least.
        context: the text that stands for a piece of code in its context.
        shown: named Cypher queries that a pipeline answers on the way.
    """

    vocabulary: str
    namespace: str
    paths: Mapping[str, tuple[Step, ...]]
    code_queries: Callable[[Snippet], Sequence[str]]
    graph_queries: Callable[[Snippet, Around], Sequence[str]]
    context: Callable[[Snippet, Around], str]
    shown: tuple[str, ...] = ()
