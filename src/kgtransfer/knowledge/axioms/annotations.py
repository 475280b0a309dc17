"""Statements about statements: `owl:Axiom` nodes (OWL 2 mapping to RDF graphs, section 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kgtransfer.knowledge.terms import Term, node_name
from kgtransfer.knowledge.vocabulary import OWL, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["FRAME", "PARTS", "SOURCE", "AnnotatedStatement", "annotated_statements", "is_stated"]

SOURCE, PROPERTY, TARGET = (OWL + f"annotated{part}" for part in ("Source", "Property", "Target"))
PARTS = (SOURCE, PROPERTY, TARGET)
FRAME = frozenset({*PARTS, RDF_TYPE.value})
"""Predicates of the node that say what is annotated; all others are annotations."""


class AnnotatedStatement(NamedTuple):
    """The statement `subject predicate obj`, and the node that carries its annotations.

    Attributes:
        node: name of the `owl:Axiom` or `owl:Annotation` node.
        subject: what the statement is about; a blank node where an annotation is annotated.
        predicate: its predicate.
        obj: its object.
    """

    node: str
    subject: str
    predicate: str
    obj: Term


def annotated_statements(graph: KnowledgeGraph) -> Iterator[AnnotatedStatement]:
    """Graph -> its annotated statements; a node that has not each part once annotates none."""
    for node, source in graph.statements(SOURCE):
        parts = [graph.objects(node, part) for part in PARTS]
        if all(len(part) == 1 for part in parts):
            predicate, target = node_name(parts[1][0]), parts[2][0]
            yield AnnotatedStatement(node, node_name(source), predicate, target)


def is_stated(graph: KnowledgeGraph, statement: AnnotatedStatement) -> bool:
    """Graph and annotated statement -> whether the graph states it too, beside the annotation.

    An expression may stand on the annotation as a copy (OWL 2 mapping to RDF graphs, table 1).
    """
    stated = graph.objects(statement.subject, statement.predicate)
    if statement.obj in stated or not isinstance(statement.obj, ox.BlankNode):
        return statement.obj in stated
    return graph.structure(str(statement.obj)) in map(graph.structure, map(node_name, stated))
