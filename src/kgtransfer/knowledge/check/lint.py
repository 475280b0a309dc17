"""Modelling mistakes that need no shapes: missing and shared labels, orphans and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.check.spelling import namespaces
from kgtransfer.knowledge.check.undescribed import STANDARD
from kgtransfer.knowledge.terms import node_name
from kgtransfer.knowledge.vocabulary import LABELS, OBO_IN_OWL, OWL, RDFS, SH, SUBCLASS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["lint"]

SAME = OWL + "equivalentClass"
CLASS_TYPES = frozenset({OWL + "Class", RDFS + "Class"})
IMPORTS, VERSION = OWL + "imports", OWL + "versionIRI"
SUBSETS = OBO_IN_OWL + "SubsetProperty"
"""Above the subsets of OBO, which have a definition and no room for a label."""


def lint(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Graph -> findings about its modelling mistakes, without their place in a file."""
    yield from _unlabelled(graph)
    yield from _sharing_labels(graph)
    yield from _orphans(graph)
    yield from _unresolved_imports(graph)


def _unlabelled(graph: KnowledgeGraph) -> Iterator[Finding]:
    for iri in graph.concepts:
        types = graph.types(iri)
        if not types or OWL + "Ontology" in types or iri.startswith(STANDARD):
            continue
        if all(kind.startswith(SH) for kind in types):  # constraints are no concepts
            continue
        if SUBSETS in graph.named(iri, RDFS + "subPropertyOf"):
            continue
        labels = [label for predicate in LABELS for label in graph.objects(iri, predicate)]
        if any(isinstance(label, ox.Literal) and not label.value.strip() for label in labels):
            cure = "write what people call it, or nothing"
            yield _warning(graph, iri, "has an empty label", cure)
        elif not labels:
            name = graph.label(iri)
            cure = f'write what people call it: rdfs:label "{name}"@en'
            yield _warning(graph, iri, "has no label", cure)


def _sharing_labels(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Classes of one namespace with the same label, where nothing says that they are the same.

    Classes of other namespaces, such as those that a class is aligned to, may well share it.
    """
    namespace = namespaces(graph)
    by_label: dict[tuple[str, str, str], list[str]] = {}
    texts: dict[tuple[str, tuple[str, str, str]], str] = {}
    for iri in graph.concepts:
        deprecated = graph.objects(iri, OWL + "deprecated")
        if deprecated or CLASS_TYPES.isdisjoint(graph.types(iri)):
            continue
        labels = (label for predicate in LABELS for label in graph.objects(iri, predicate))
        for label in labels:
            if isinstance(label, ox.Literal) and label.value.strip():
                text = " ".join(label.value.split())
                key = namespace(iri), text.casefold(), label.language or ""
                if (iri, key) not in texts:
                    texts[iri, key] = text
                    by_label.setdefault(key, []).append(iri)
    for key, classes in sorted(by_label.items()):
        first, same = classes[0], {*graph.named(classes[0], SAME)}
        for cls in classes[1:]:
            if cls not in same and first not in graph.named(cls, SAME):
                message = f'has the same label as {graph.compact(first)}: "{texts[cls, key]}"'
                cure = "tell them apart in their labels, or merge them, or use owl:equivalentClass"
                yield _warning(graph, cls, message, cure, "has the same label as another class")


def _orphans(graph: KnowledgeGraph) -> Iterator[Finding]:
    statements = (graph.statements(predicate) for predicate in graph.predicates)
    objects = (obj for pairs in statements for _, obj in pairs)
    used = {obj.value for obj in objects if isinstance(obj, ox.NamedNode)}
    defining = (SUBCLASS_OF.value, OWL + "equivalentClass", OWL + "unionOf", OWL + "deprecated")
    for iri in graph.concepts:
        if iri in used or iri.startswith(STANDARD) or CLASS_TYPES.isdisjoint(graph.types(iri)):
            continue
        if not any(graph.objects(iri, predicate) for predicate in defining):
            message = "stands alone: no superclass, no subclass, no instance, used nowhere"
            yield _warning(graph, iri, message, "place it with rdfs:subClassOf, or remove it")


def _unresolved_imports(graph: KnowledgeGraph) -> Iterator[Finding]:
    versions = {node_name(version) for _, version in graph.statements(VERSION)}
    for ontology, imported in graph.statements(IMPORTS):
        if node_name(imported) not in graph.rows.keys() | versions:
            message = f"imports {imported}, which is not among the files read"
            cure = "name its file too, or map it in catalog-v001.xml beside the ontology"
            yield Finding.of(graph, ontology, "hint", message, cure, "an import was not read")


def _warning(graph: KnowledgeGraph, iri: str, message: str, cure: str, kind: str = "") -> Finding:
    return Finding.of(graph, iri, "warning", message, cure, kind)
