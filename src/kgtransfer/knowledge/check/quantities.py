"""Numbers that cannot be read: two where there is one, or a text where there is a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.axioms.annotations import annotated_statements
from kgtransfer.knowledge.axioms.blank_nodes import concept_finder
from kgtransfer.knowledge.axioms.numbers import SINGLE, Range, fault, one_number
from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.terms import node_name, number
from kgtransfer.knowledge.vocabulary import KGT
from kgtransfer.knowledge.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kgtransfer.knowledge.axioms.annotations import AnnotatedStatement
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.knowledge.terms import Term

__all__ = ["measure_range", "ordinary_range", "unreadable"]


def unreadable(graph: KnowledgeGraph, texts: Sequence[str] = ()) -> Iterator[Finding]:
    """Graph -> violations: values of our vocabulary that cannot be read.

    What several annotations say of one statement counts together.

    Args:
        graph: the graph.
        texts: what it was read from; they show which of two numbers came first.
    """
    yield from _improbable(graph)
    statements = [(name, *pair) for name in SINGLE for pair in graph.statements(KGT + name)]
    if not statements:
        return
    about = {statement.node: statement for statement in annotated_statements(graph)}
    values: dict[tuple[str, ...], list[tuple[str, Term]]] = {}
    for name, node, term in statements:
        values.setdefault((name, *_subject(graph, node, about)), []).append((node, term))
    for (name, *_), pairs in values.items():
        node, terms = pairs[0][0], [term for _, term in pairs]
        if problem := fault(graph, name, terms, _expected_range(graph, node, about), texts):
            place = ""
            if node in about:
                fact = Wording(graph).phrase(about[node].predicate, about[node].obj)
                place = f", on the annotation of: {fact}"
            concept = concept_finder(graph)(node)
            yield Finding.of(graph, concept, "violation", problem.message + place, problem.cure)


def measure_range(graph: KnowledgeGraph, measure: str) -> Range:
    """IRI of a measure -> where it lies in any sample; without limits if that is unreadable."""
    return _between(graph, measure, "minimum", "maximum")


def ordinary_range(graph: KnowledgeGraph, measure: str) -> Range:
    """IRI of a measure -> where it lies in ordinary samples; else as `measure_range`."""
    return _between(graph, measure, "lowEnd", "highEnd")


def _between(graph: KnowledgeGraph, measure: str, *names: str) -> Range:
    try:
        range_ = Range(*(one_number(graph, name, measure) for name in names))
    except OntologyError:
        return Range()
    is_ordered = range_.low is None or range_.high is None or range_.low < range_.high
    return range_ if is_ordered else Range()


def _improbable(graph: KnowledgeGraph) -> Iterator[Finding]:
    for iri, term in graph.statements(KGT + "probability"):
        if (value := number(term)) is not None and not 0 < value < 1:
            message = f"a probability must be above 0 and below 1: {value:g}"
            cure = "write 0.01 for what never happens, 0.99 for what always does: measures can err"
            yield Finding.of(graph, iri, "violation", message, cure)


def _subject(
    graph: KnowledgeGraph, node: str, about: Mapping[str, AnnotatedStatement]
) -> tuple[str, ...]:
    """Node -> what it speaks of: the statement that it annotates, else itself."""
    if node not in about:
        return (node,)
    _, subject, predicate, obj = about[node]
    return subject, predicate, graph.structure(node_name(obj))


def _expected_range(
    graph: KnowledgeGraph, node: str, about: Mapping[str, AnnotatedStatement]
) -> Range:
    """Node -> where its numbers should lie: in the range of what is measured."""
    measures = (
        [node_name(about[node].obj)] if node in about else graph.named(node, KGT + "measuredBy")
    )
    if not measures:
        return Range()
    return measure_range(graph, measures[0]) & ordinary_range(graph, measures[0])
