"""Modelling mistakes that need no shapes: cycles, missing labels, undefined terms, orphans."""

from __future__ import annotations

from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.findings import Finding
from kgtransfer.knowledge.vocabulary import LABELS, OWL, RDFS, SUBCLASS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["smells"]

# Vocabularies that others define: an ontology may say things of their terms without owning them.
STANDARD = (
    "http://www.w3.org/",
    "http://purl.org/dc/",
    "http://purl.org/vocab/vann/",
    "http://xmlns.com/foaf/",
    "http://schema.org/",
    "https://schema.org/",
    "http://www.geneontology.org/formats/oboInOwl#",
)
CLASS_TYPES = frozenset({OWL + "Class", RDFS + "Class"})
MAX_CYCLES = 20
MAX_SUGGESTIONS = 50
"""Undefined terms that get a suggestion: each is compared with every defined term."""


def smells(graph: KnowledgeGraph) -> Iterator[Finding]:
    """The modelling mistakes of a graph, without their place in a file."""
    yield from _subclass_cycles(graph)
    yield from _unlabelled(graph)
    yield from _undefined(graph)
    yield from _orphans(graph)


def _subclass_cycles(graph: KnowledgeGraph) -> Iterator[Finding]:
    above: dict[str, list[str]] = {}
    for triple in graph.triples:
        ends = (triple.subject, triple.object)
        if triple.predicate == SUBCLASS_OF and all(isinstance(e, ox.NamedNode) for e in ends):
            above.setdefault(triple.subject.value, []).append(triple.object.value)  # type: ignore[union-attr]
    for _ in range(MAX_CYCLES):
        try:
            TopologicalSorter(above).prepare()
        except CycleError as error:
            # graphlib gives superclass before subclass, the first node again at the end.
            cycle = error.args[1][::-1]
            above[cycle[0]].remove(cycle[1])
            labels = " > ".join(graph.label(iri) for iri in cycle)
            yield Finding(
                severity="violation",
                concept=cycle[0],
                label=graph.label(cycle[0]),
                message=f"is its own superclass: {labels}",
                cure="remove one rdfs:subClassOf; if the classes mean the same, "
                "use owl:equivalentClass",
            )
        else:
            return


def _unlabelled(graph: KnowledgeGraph) -> Iterator[Finding]:
    for iri in graph.concepts:
        types = graph.types(iri)
        if not types or OWL + "Ontology" in types or iri.startswith(STANDARD):
            continue
        if not any(graph.objects(iri, predicate) for predicate in LABELS):
            name = graph.label(iri)
            cure = f'write what people call it: rdfs:label "{name}"@en'
            yield _warning(graph, iri, "has no label", cure)


def _undefined(graph: KnowledgeGraph) -> Iterator[Finding]:
    described = graph.rows
    spaces = {_namespace(iri, graph) for iri in described if not iri.startswith(STANDARD)}
    used: dict[str, str] = {}
    for triple in graph.triples:
        for term in (triple.predicate, triple.object):
            if isinstance(term, ox.NamedNode) and term.value not in described:
                used.setdefault(term.value, str(triple.subject).strip("<>"))
    missing = [iri for iri in sorted(used) if _namespace(iri, graph) in spaces]
    for count, iri in enumerate(missing):
        near = get_close_matches(iri, described, 1, 0.9) if count < MAX_SUGGESTIONS else []
        hint = f"did you mean {graph.compact(near[0])}? else " if near else ""
        user = used[iri] if used[iri] in described else ""
        by = f", used by {graph.label(user)}," if user else ""
        message = f"the term {graph.compact(iri)}{by} is described nowhere"
        cure = hint + "describe it with a type and an rdfs:label"
        yield _warning(graph, user or iri, message, cure)


def _namespace(iri: str, graph: KnowledgeGraph) -> str:
    declared = [space for space in graph.prefixes.values() if iri.startswith(space)]
    return max(declared, key=len) if declared else iri[: _local_start(iri)]


def _local_start(iri: str) -> int:
    return max(iri.rfind("#"), iri.rfind("/")) + 1


def _orphans(graph: KnowledgeGraph) -> Iterator[Finding]:
    used = {t.object.value for t in graph.triples if isinstance(t.object, ox.NamedNode)}
    defining = (SUBCLASS_OF.value, OWL + "equivalentClass", OWL + "unionOf", OWL + "deprecated")
    for iri in graph.concepts:
        if iri in used or iri.startswith(STANDARD) or CLASS_TYPES.isdisjoint(graph.types(iri)):
            continue
        if not any(graph.objects(iri, predicate) for predicate in defining):
            message = "stands alone: no superclass, no subclass, no instance, used nowhere"
            yield _warning(graph, iri, message, "place it with rdfs:subClassOf, or remove it")


def _warning(graph: KnowledgeGraph, iri: str, message: str, cure: str) -> Finding:
    label = graph.label(iri)
    return Finding(severity="warning", concept=iri, label=label, message=message, cure=cure)
