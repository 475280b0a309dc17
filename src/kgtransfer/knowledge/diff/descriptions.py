"""What a graph says of one concept, with all that hangs below it and all that annotates it.

A statement's object is compared by its structure: a blank node counts as what hangs below it,
not by its name. Statements that RDF keeps on nodes of their own (`owl:Axiom`, disjointness of
several classes, negative assertions) belong to the concepts that they are about.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.axioms.annotations import FRAME, AnnotatedStatement, annotated_statements
from kgtransfer.knowledge.terms import Term, node_name
from kgtransfer.knowledge.vocabulary import OWL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["Descriptions", "Statement"]

GROUPS = (OWL + "members", OWL + "distinctMembers")
MAX_DEPTH = 8
"""Deepest nesting of annotations of annotations."""
NEGATED = OWL + "sourceIndividual"


@dataclass(frozen=True)
class Statement:
    """One thing that is said of a concept.

    Attributes:
        predicate: IRI of the predicate.
        key: the object in a form that is equal where the objects' structures are.
        annotated: the statement that this one is about, for an annotation.
        obj: the object.
    """

    predicate: str
    key: str
    annotated: Statement | None
    obj: Term = field(compare=False)


@dataclass(frozen=True)
class Descriptions:
    """The concepts of one graph as sets of statements, each worked out when it is asked for.

    Args:
        graph: the graph.
    """

    graph: KnowledgeGraph

    def statements(self, concept: str) -> Counter[Statement]:
        """A concept, by the name of its node -> all that is said of it, and how many times."""
        direct = (
            Statement(predicate, self.key(obj), None, obj)
            for predicate, objects in self.graph.description(concept).items()
            for obj in objects
        )
        stated = [*direct, *self._grouped.get(concept, ())]
        return Counter([*stated, *self._annotations(concept, stated)])

    def key(self, term: Term) -> str:
        """Term -> N-Triples, a blank node by its structure."""
        return self.graph.structure(str(term))

    def concepts(self, nodes: Iterable[str]) -> set[str]:
        """Names of nodes -> the concepts that what is said of them belongs to.

        An IRI is a concept. A blank node belongs to whoever refers to it; one that nobody refers
        to, or only nodes that it leads to itself, is an unnamed concept.
        """
        queue = list(nodes)
        owners = {node for node in queue if node.startswith("_:") and node not in self._reachable}
        visited = set[str]()
        while queue:
            node = queue.pop()
            if node in visited:
                continue
            visited.add(node)
            referrers = self._referrers.get(node, ()) if node.startswith("_:") else ()
            queue.extend(referrers)
            if not referrers:
                owners.add(node)
        return owners

    def _annotations(self, concept: str, stated: Iterable[Statement]) -> Iterator[Statement]:
        """The annotations of what is said of a concept, and those of annotations in turn."""
        visited, queue = {concept}, [(concept, stated, 0)]
        while queue:
            node, statements, depth = queue.pop()
            if depth > MAX_DEPTH:
                raise OntologyError(
                    f"annotations of annotations of {concept} nest deeper than {MAX_DEPTH}",
                    cure="annotate the statement itself",
                )
            by_content = {(s.predicate, s.key): s for s in statements}
            for note in self._notes.get(node, ()):
                own = list(self._note(note, by_content.get((note.predicate, self.key(note.obj)))))
                yield from own
                if note.node not in visited:
                    visited.add(note.node)
                    queue.append((note.node, own, depth + 1))

    def _note(self, note: AnnotatedStatement, annotated: Statement | None) -> Iterator[Statement]:
        # An annotated statement counts as said, whether or not it also stands alone.
        annotated = annotated or Statement(note.predicate, self.key(note.obj), None, note.obj)
        for predicate, objects in self.graph.description(note.node).items():
            if predicate not in FRAME:
                for obj in objects:
                    yield Statement(predicate, self.key(obj), annotated, obj)

    @cached_property
    def _notes(self) -> Mapping[str, list[AnnotatedStatement]]:
        index: dict[str, list[AnnotatedStatement]] = {}
        for note in annotated_statements(self.graph):
            index.setdefault(note.subject, []).append(note)
        return index

    @cached_property
    def _grouped(self) -> Mapping[str, list[Statement]]:
        """Concept -> what nodes that stand for an axiom say of it: their kind, and of whom."""
        index: dict[str, list[Statement]] = {}
        for node, obj, concepts in self._axiom_nodes():
            for kind in self.graph.types(node):
                statement = Statement(kind, self.key(obj), None, obj)
                for concept in concepts:
                    index.setdefault(concept, []).append(statement)
        return index

    def _axiom_nodes(self) -> Iterator[tuple[str, Term, list[str]]]:
        for predicate in GROUPS:
            for node, head in self.graph.statements(predicate):
                members = map(node_name, self.graph.members(node_name(head)))
                if node.startswith("_:"):
                    yield node, head, [m for m in members if not m.startswith("_:")]
        for node, individual in self.graph.statements(NEGATED):
            if node.startswith("_:") and isinstance(individual, ox.NamedNode):
                yield node, ox.BlankNode(node[2:]), [individual.value]

    @cached_property
    def _referrers(self) -> Mapping[str, set[str]]:
        """Blank node -> the nodes whose description it is part of."""
        index: dict[str, set[str]] = {}
        for triple in self.graph.triples:
            if isinstance(triple.object, ox.BlankNode):
                index.setdefault(str(triple.object), set()).add(node_name(triple.subject))
        for notes in self._notes.values():
            for note in notes:
                index.setdefault(note.node, set()).add(note.subject)
        for node, _, concepts in self._axiom_nodes():
            index.setdefault(node, set()).update(concepts)
        return index

    @cached_property
    def _reachable(self) -> frozenset[str]:
        """The blank nodes below a named node, or below one that nobody refers to."""
        referred: dict[str, list[str]] = {}
        for node, referrers in self._referrers.items():
            for referrer in referrers:
                referred.setdefault(referrer, []).append(node)
        queue = [n for n in referred if not (n.startswith("_:") and self._referrers.get(n))]
        reached = set(queue)
        while queue:
            unvisited = set(referred.get(queue.pop(), ())) - reached
            reached |= unvisited
            queue += unvisited
        return frozenset(reached)
