"""Terms that are used otherwise than they are declared: deprecated ones, values of another kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.axioms.annotations import PARTS
from kgtransfer.knowledge.axioms.blank_nodes import concept_finder
from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.terms import node_name
from kgtransfer.knowledge.vocabulary import DCTERMS, OBO_IN_OWL, OWL, RDF_TYPE, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.knowledge.terms import Term

__all__ = ["misuses"]

DEPRECATED_TYPES = frozenset((OWL + "DeprecatedClass", OWL + "DeprecatedProperty"))
REPLACED_BY = ("http://purl.obolibrary.org/obo/IAO_0100001", DCTERMS + "isReplacedBy")
MENTIONING = frozenset(
    (
        *(*PARTS, *REPLACED_BY, DCTERMS + "replaces", RDFS + "seeAlso", RDFS + "isDefinedBy"),
        *(OBO_IN_OWL + "consider", OBO_IN_OWL + "hasAlternativeId", OWL + "disjointWith"),
        *(SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch")),
        *(SKOS + "historyNote", SKOS + "changeNote", OWL + "differentFrom"),
    )
)
"""Predicates by which something is said of a term without using it."""
FALSE = frozenset(("false", "0"))


def misuses(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Graph -> findings about deprecated terms in use, and values not of their property's kind."""
    yield from _deprecated(graph)
    yield from _values(graph)


def _deprecated(graph: KnowledgeGraph) -> Iterator[Finding]:
    deprecated = {
        iri
        for iri, flag in graph.statements(OWL + "deprecated")
        if getattr(flag, "value", "") not in FALSE
    }
    deprecated |= {
        iri for iri, kind in graph.statements(RDF_TYPE.value) if _is_deprecated_type(kind)
    }
    if not deprecated:
        return
    concept_of, reported = concept_finder(graph), set[tuple[str, str]]()
    for predicate in graph.predicates:
        for subject, obj in graph.statements(predicate) if predicate not in MENTIONING else ():
            for name in {predicate, node_name(obj)} & deprecated:
                user = concept_of(subject)
                if user != name and user not in deprecated and (user, name) not in reported:
                    reported.add((user, name))
                    yield _in_use(graph, user, name)


def _is_deprecated_type(kind: Term) -> bool:
    return node_name(kind) in DEPRECATED_TYPES


def _in_use(graph: KnowledgeGraph, user: str, term: str) -> Finding:
    replacements = [iri for predicate in REPLACED_BY for iri in graph.named(term, predicate)]
    names = ", ".join(f"{graph.label(iri)} <{iri}>" for iri in replacements)
    cure = f"use its replacement: {names}" if names else "use a term that is kept up"
    message = f"uses {graph.label(term)} ({graph.compact(term)}), which is deprecated"
    return Finding.of(graph, user, "warning", message, cure, "uses what is deprecated")


def _values(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Literals of object properties, and resources of datatype properties."""
    linking = set(graph.subjects(RDF_TYPE.value, OWL + "ObjectProperty"))
    valued = set(graph.subjects(RDF_TYPE.value, OWL + "DatatypeProperty"))
    ambiguous, restricted = linking & valued, _has_values(graph)
    concept_of = None
    for iri, wants_resource in [(p, True) for p in sorted(linking - ambiguous)] + [
        (p, False) for p in sorted(valued - ambiguous)
    ]:
        for subject, obj in (*graph.statements(iri), *restricted.get(iri, ())):
            if isinstance(obj, ox.Literal) == wants_resource:
                concept_of = concept_of or concept_finder(graph)
                yield _wrong_kind(graph, concept_of(subject), iri, obj)


def _has_values(graph: KnowledgeGraph) -> Mapping[str, list[tuple[str, Term]]]:
    """Property -> the restrictions to a value of it (`owl:hasValue`), with the value."""
    restrictions: dict[str, list[tuple[str, Term]]] = {}
    for node, value in graph.statements(OWL + "hasValue"):
        for iri in graph.named(node, OWL + "onProperty"):
            restrictions.setdefault(iri, []).append((node, value))
    return restrictions


def _wrong_kind(graph: KnowledgeGraph, subject: str, iri: str, obj: Term) -> Finding:
    name = graph.compact(iri)
    if isinstance(obj, ox.Literal):
        message = (
            f'{name} is an owl:ObjectProperty, its value "{obj.value[:40]}" is a text or number'
        )
        cure = "point to an IRI, or declare the property an owl:DatatypeProperty"
    else:
        value = graph.compact(obj.value) if isinstance(obj, ox.NamedNode) else "[ ]"
        message = f"{name} is an owl:DatatypeProperty, its value {value} is a resource"
        cure = "write a text or number, or declare the property an owl:ObjectProperty"
    return Finding.of(
        graph, subject, "violation", message, cure, f"a value of {name} is of another kind"
    )
