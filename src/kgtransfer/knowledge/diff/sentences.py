"""Statements in words, as a topic and what is said about it: `granule colour`, `some red`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.axioms.facts import PROBABILITIES, attributes
from kgtransfer.knowledge.terms import node_name
from kgtransfer.knowledge.vocabulary import KGT, OWL, SUBCLASS_OF
from kgtransfer.knowledge.wording import Detail, Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.knowledge.diff.descriptions import Statement
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["Sentences"]


@dataclass(frozen=True)
class Sentences:
    """Puts the statements of one graph into words.

    Args:
        graph: the graph that makes the statements, and has the labels.
        detail: how exact.
    """

    graph: KnowledgeGraph
    detail: Detail = Detail.LABELS

    def sentence(self, statement: Statement) -> tuple[str, str]:
        """A statement -> what it is about, and what it says: `granule colour`, `some red`."""
        predicate, obj, wording = statement.predicate, statement.obj, self._wording
        if statement.annotated is not None:
            topic, text = self.sentence(statement.annotated)
            return f'{wording.name(predicate)} of "{topic}: {text}"', wording.words(obj)
        if predicate == SUBCLASS_OF.value and isinstance(obj, ox.BlankNode):
            relations = self.graph.objects(node_name(obj), OWL + "onProperty")
            if relations and self.detail < Detail.TRIPLES:
                return wording.words(relations[0]), wording.quantified(obj)
        if predicate in self._frequencies and node_name(obj) in self._attribute:
            attribute = self._attribute[node_name(obj)]
            return wording.name(attribute), wording.phrase(predicate, obj)
        return wording.name(predicate), wording.words(obj)

    @cached_property
    def _wording(self) -> Wording:
        return Wording(self.graph, self.detail)

    @cached_property
    def _frequencies(self) -> frozenset[str]:
        return frozenset({*PROBABILITIES, *self.graph.instances(KGT + "Frequency")})

    @cached_property
    def _attribute(self) -> Mapping[str, str]:
        """Value -> the attribute that it belongs to."""
        values = attributes(self.graph)
        return {value: attribute for attribute in values for value in values[attribute]}
