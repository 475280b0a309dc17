"""Where a Turtle text makes a statement, and what annotates it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kgtransfer.knowledge.axioms.annotations import PROPERTY, SOURCE, TARGET
from kgtransfer.knowledge.canonical import structures
from kgtransfer.knowledge.graph import KnowledgeGraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kgtransfer.knowledge.patch.tree import Block, Document, Node
    from kgtransfer.knowledge.terms import Term

__all__ = ["Axiom", "StatementSearch", "content"]

PARTS = tuple(map(ox.NamedNode, (SOURCE, PROPERTY, TARGET)))


@dataclass(frozen=True)
class StatementSearch:
    """The search for a statement in the text of a document.

    Attributes:
        statement: the statement.
        digest: what hangs below its object, where that is a blank node: its name says nothing.
    """

    statement: ox.Triple
    digest: str

    @classmethod
    def of(cls, document: Document, statement: ox.Triple) -> StatementSearch:
        """The statement, whose object may be a blank node of the document's `KnowledgeGraph`."""
        if not isinstance(statement.object, ox.BlankNode):
            return cls(statement, "")
        names = structures(KnowledgeGraph(document.triples).triples)
        return cls(statement, names.get(str(statement.object), "no such node"))

    def matches(self, document: Document) -> set[ox.Triple]:
        """Document -> its triples that make the statement."""
        about = (self.statement.subject, self.statement.predicate)
        candidates = [t for t in document.triples if (t.subject, t.predicate) == about]
        objects = self._objects(document) if candidates else set()
        return {triple for triple in candidates if triple.object in objects}

    def occurrence(self, document: Document) -> tuple[Block, int, int] | None:
        """Document -> a block that makes the statement, and the places of its entry and object."""
        matches = self.matches(document)
        for block in document.blocks if matches else ():
            for place, entry in enumerate(block.entries):
                for index, node in enumerate(entry.objects):
                    if _triple(block.subject.term, entry.verb.term, node.term) in matches:
                        return block, place, index
        return None

    def annotating(self, document: Document) -> Iterator[Axiom]:
        """Document -> the `owl:Axiom` nodes that annotate the statement."""
        parts: dict[Term, dict[ox.NamedNode, list[Node]]] = {}
        for subject, predicate, node in document.objects:
            if predicate in PARTS and isinstance(subject, ox.BlankNode):
                parts.setdefault(subject, {}).setdefault(predicate, []).append(node)
        objects = self._objects(document) if parts else set()
        for axiom, nodes_by_part in parts.items():
            nodes = [nodes_by_part.get(part, []) for part in PARTS]
            if all(len(part) == 1 for part in nodes):
                source, verb, target = (part[0] for part in nodes)
                about = (source.term, verb.term)
                same = about == (self.statement.subject, self.statement.predicate)
                if same and target.term in objects:
                    yield Axiom(axiom, verb, target)

    def _objects(self, document: Document) -> set[object]:
        """Document -> its terms that the statement's object may be."""
        if not isinstance(self.statement.object, ox.BlankNode):
            return {self.statement.object}
        digests = structures(document.triples)
        return {ox.BlankNode(n[2:]) for n, digest in digests.items() if digest == self.digest}


class Axiom(NamedTuple):
    """A node that annotates a statement, and where it names predicate and object of it."""

    node: Term
    predicate: Node
    target: Node


def content(document: Document, terms: Iterable[object]) -> set[object]:
    """Blank nodes -> those that are written as brackets, and all brackets in these."""
    brackets = set[object]()
    queue = [term for term in terms if _is_bracketed(term)]
    inner: dict[object, list[object]] = {}
    for triple in document.triples if queue else ():
        inner.setdefault(triple.subject, []).append(triple.object)
    while queue:
        node = queue.pop()
        brackets.add(node)
        queue += [obj for obj in inner.get(node, ()) if _is_bracketed(obj) and obj not in brackets]
    return brackets


def _is_bracketed(term: object) -> bool:
    return isinstance(term, ox.BlankNode) and term.value.startswith("at")


def _triple(subject: Term, predicate: Term, obj: Term) -> ox.Triple | None:
    if isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode):
        return None
    return ox.Triple(subject, predicate, obj)
