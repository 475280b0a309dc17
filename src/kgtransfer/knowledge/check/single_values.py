"""Numbers that OWL wants one of and a graph states several of, as a decimal comma makes two."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.axioms.blank_nodes import concept_finder
from kgtransfer.knowledge.axioms.numbers import DECIMAL_MARK
from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.terms import number
from kgtransfer.knowledge.vocabulary import KGT, OWL, RDF_TYPE, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["several_numbers"]

CARDINALITIES = tuple(
    OWL + name
    for name in (
        *("cardinality", "minCardinality", "maxCardinality"),
        *("qualifiedCardinality", "minQualifiedCardinality", "maxQualifiedCardinality"),
    )
)
FACETS = tuple(
    XSD + name
    for name in (
        *("minInclusive", "maxInclusive", "minExclusive", "maxExclusive"),
        *("length", "minLength", "maxLength", "totalDigits", "fractionDigits"),
    )
)
ONCE = (OWL + "hasValue", *CARDINALITIES, *FACETS)
"""Predicates that a restriction, or a facet of a datatype, has once."""


def several_numbers(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Graph -> violations: several numbers where OWL has one.

    Properties of our own vocabulary are left to `quantities.unreadable`.
    """
    functional = graph.subjects(RDF_TYPE.value, OWL + "FunctionalProperty")
    concept_of = None
    for predicate in chain(ONCE, (iri for iri in functional if not iri.startswith(KGT))):
        stated: dict[str, dict[float, str]] = {}
        for node, term in graph.statements(predicate):
            if isinstance(term, ox.Literal) and (value := number(term)) is not None:
                stated.setdefault(node, {})[value] = term.value
        for node, values in stated.items():
            if len(values) > 1:
                concept_of = concept_of or concept_finder(graph)
                texts = [values[value] for value in sorted(values)]
                yield _finding(graph, concept_of(node), predicate, texts)


def _finding(graph: KnowledgeGraph, concept: str, predicate: str, values: Sequence[str]) -> Finding:
    name = graph.compact(predicate)
    message = f"{name} has one value, here it has {len(values)}: {', '.join(values)}"
    cure = "keep one"
    if len(values) == 2 and all(value.isdecimal() for value in values):
        cure += f"; of a decimal comma make a point: {DECIMAL_MARK}"
    return Finding.of(graph, concept, "violation", message, cure, f"{name} has several values")
