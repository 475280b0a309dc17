"""Literals that their datatype has no value for: `"abc"^^xsd:integer` (W3C XSD 1.1, part 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.axioms.blank_nodes import concept_finder
from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.datatypes import is_well_typed, written_form
from kgtransfer.knowledge.terms import node_name
from kgtransfer.knowledge.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["ill_typed"]

SHOWN = 40  # letters of a literal that a message shows


def ill_typed(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Graph -> violations: literals without a value, at the concept that states them."""
    concept_of = None
    for triple in graph.triples:
        literal = triple.object
        if not isinstance(literal, ox.Literal) or is_well_typed(literal):
            continue
        concept_of = concept_of or concept_finder(graph)
        name = literal.datatype.value.removeprefix(XSD)
        text = literal.value if len(literal.value) <= SHOWN else f"{literal.value[:SHOWN]}..."
        message = f'"{text}" is no xsd:{name} ({graph.compact(triple.predicate.value)})'
        cure = f"write {written_form(name)}, or leave out ^^xsd:{name}"
        kind = f"a value is no xsd:{name}"
        subject = concept_of(node_name(triple.subject))
        yield Finding.of(graph, subject, "violation", message, cure, kind)
