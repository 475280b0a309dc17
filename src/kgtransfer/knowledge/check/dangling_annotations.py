"""Annotations of nothing: `owl:Axiom` nodes whose statement is gone or was never whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.knowledge.axioms.annotations import (
    FRAME,
    PARTS,
    annotated_statements,
    is_stated,
)
from kgtransfer.knowledge.axioms.blank_nodes import concept_finder
from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.terms import node_name
from kgtransfer.knowledge.vocabulary import OWL, RDF_TYPE
from kgtransfer.knowledge.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.knowledge.axioms.annotations import AnnotatedStatement
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["dangling_annotations"]

KIND = "an annotation annotates nothing"
KINDS = frozenset({OWL + "Axiom", OWL + "Annotation"})


def dangling_annotations(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Graph -> findings about annotations of nothing, without their place in a file.

    Warnings: no axiom contradicts them, but what they say counts for nothing here, while other
    tools may read the annotated statement as stated.
    """
    words = Wording(graph)
    whole = set[str]()
    for statement in annotated_statements(graph):
        whole.add(statement.node)
        if not is_stated(graph, statement):
            yield _gone(words, statement)
    for node, kind in graph.statements(RDF_TYPE.value):
        if node_name(kind) in KINDS and node not in whole:
            yield _incomplete(graph, node)


def _gone(words: Wording, statement: AnnotatedStatement) -> Finding:
    graph, node = words.graph, statement.node
    notes = ", ".join(
        words.phrase(predicate, term)
        for predicate, terms in sorted(graph.description(node).items())
        for term in (terms if predicate not in FRAME else ())
    )
    fact = words.phrase(statement.predicate, statement.obj)
    message = f"an annotation is left of a statement that is gone: {fact}"
    cure = f"state it again with {graph.compact(statement.predicate)}, or remove its owl:Axiom"
    cure += f" ({notes})" if notes else ""
    return Finding.of(graph, concept_finder(graph)(node), "warning", message, cure, KIND)


def _incomplete(graph: KnowledgeGraph, node: str) -> Finding:
    faulty = [part for part in PARTS if len(graph.objects(node, part)) != 1]
    names = ", ".join("owl:" + part.removeprefix(OWL) for part in faulty)
    message = f"an annotation annotates nothing: it has not exactly one {names}"
    cure = "write owl:annotatedSource, owl:annotatedProperty and owl:annotatedTarget, each once"
    return Finding.of(graph, concept_finder(graph)(node), "warning", message, cure, KIND)
