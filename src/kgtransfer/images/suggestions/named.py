"""Which measures an ontology names, and where it says that its concepts begin and end."""

from __future__ import annotations

import pyoxigraph as ox

from kgtransfer.grounding.thresholds import measured_concepts
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.vocabulary import KGT

__all__ = ["concepts_by_measure", "stated_ends", "with_numbers"]

ENDS = ("threshold", "minimum", "maximum")


def concepts_by_measure(graph: KnowledgeGraph) -> dict[str, list[str]]:
    """Measure that the ontology names -> the concepts that it decides on."""
    concepts: dict[str, list[str]] = {}
    for rule in measured_concepts(graph):
        concepts.setdefault(rule.measure, []).append(rule.concept)
    return concepts


def with_numbers(graph: KnowledgeGraph) -> KnowledgeGraph:
    """The same graph with any threshold at concepts that have a measure, but no numbers yet."""
    concepts = {concept for concept, _ in graph.statements(KGT + "measuredBy")}
    lacking = [(c, "threshold") for c in concepts if not _has_ends(graph, c)]
    lacking += [(c, "softness") for c in concepts if not graph.objects(c, KGT + "softness")]
    added = [
        ox.Triple(ox.NamedNode(concept), ox.NamedNode(KGT + name), ox.Literal(1))
        for concept, name in lacking
        if not concept.startswith("_:")
    ]
    return graph | KnowledgeGraph(added) if added else graph


def stated_ends(stated: KnowledgeGraph, graph: KnowledgeGraph) -> dict[str, tuple[float, ...]]:
    """Measure -> where the concepts begin and end that have numbers in the ontology itself."""
    ends: dict[str, set[float]] = {}
    for rule in measured_concepts(graph):
        if _has_ends(stated, rule.concept):
            numbers = {end for end in (rule.low, rule.high) if end is not None}
            ends.setdefault(rule.measure, set()).update(numbers)
    return {measure: tuple(sorted(numbers)) for measure, numbers in ends.items()}


def _has_ends(graph: KnowledgeGraph, concept: str) -> bool:
    return any(graph.objects(concept, KGT + name) for name in ENDS)
