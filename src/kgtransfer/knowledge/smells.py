"""Modelling mistakes that need no shapes: cycles, missing labels, undefined terms and the like."""

from __future__ import annotations

import re
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.findings import Finding
from kgtransfer.knowledge.ontology import read_ontology
from kgtransfer.knowledge.terms import node_name
from kgtransfer.knowledge.vocabulary import KGT, LABELS, OBO_IN_OWL, OWL, RDFS, SUBCLASS_OF
from kgtransfer.resources import resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

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
SAME = OWL + "equivalentClass"
CLASS_TYPES = frozenset({OWL + "Class", RDFS + "Class"})
IMPORTS, VERSION = OWL + "imports", OWL + "versionIRI"
BETWEEN_ONTOLOGIES = frozenset({IMPORTS, VERSION, OWL + "priorVersion"})
"""Predicates whose objects are files rather than terms."""
MAX_CYCLES = 20
MAX_SHOWN = 10
"""Classes of a cycle that its message names."""
MAX_SUGGESTIONS = 50
"""Undefined terms that get a suggestion: each is compared with many defined terms."""
MAX_TYPOS = 3
"""Letters that a suggestion may be longer or shorter."""
LIKENESS = 0.8
"""How alike two names are, between 0 and 1, for one to be the other misspelt."""
CODE = re.compile(r"[A-Za-z]*[_:-]?\d+")
"""Names such as `Q42` and `CL_0000738`."""
SUBSETS = OBO_IN_OWL + "SubsetProperty"
"""Above the subsets of OBO, which have a definition and no room for a label."""


def smells(graph: KnowledgeGraph) -> Iterator[Finding]:
    """The modelling mistakes of a graph, without their place in a file."""
    yield from _subclass_cycles(graph)
    yield from _unlabelled(graph)
    yield from _sharing_labels(graph)
    used = _used(graph)
    yield from _undefined(graph, used)
    yield from _orphans(graph, used)
    yield from _unresolved_imports(graph)


def _subclass_cycles(graph: KnowledgeGraph) -> Iterator[Finding]:
    above: dict[str, list[str]] = {}
    for cls, superclass in graph.statements(SUBCLASS_OF.value):
        if isinstance(superclass, ox.NamedNode) and not cls.startswith("_:"):
            above.setdefault(cls, []).append(superclass.value)
    for _ in range(MAX_CYCLES):
        try:
            TopologicalSorter(above).prepare()
        except CycleError as error:
            # graphlib gives superclass before subclass, the first node again at the end.
            cycle = error.args[1][::-1]
            above[cycle[0]].remove(cycle[1])
            shown = (
                cycle if len(cycle) <= MAX_SHOWN else [*cycle[: MAX_SHOWN - 1], "...", cycle[-1]]
            )
            labels = " > ".join(graph.label(iri) for iri in shown)
            message = f"is its own superclass: {labels}"
            cure = (
                "remove one rdfs:subClassOf; if the classes mean the same, use owl:equivalentClass"
            )
            yield Finding.of(graph, cycle[0], "violation", message, cure)
        else:
            return


def _unlabelled(graph: KnowledgeGraph) -> Iterator[Finding]:
    for iri in graph.concepts:
        types = graph.types(iri)
        if not types or OWL + "Ontology" in types or iri.startswith(STANDARD):
            continue
        if SUBSETS in graph.named(iri, RDFS + "subPropertyOf"):
            continue
        if not any(graph.objects(iri, predicate) for predicate in LABELS):
            name = graph.label(iri)
            cure = f'write what people call it: rdfs:label "{name}"@en'
            yield _warning(graph, iri, "has no label", cure)


def _sharing_labels(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Classes of one namespace with the same label, where nothing says that they are the same.

    Classes of other namespaces, such as those that a class is aligned to, may well share it.
    """
    namespace = _namespaces(graph)
    called: dict[tuple[str, str, str], list[str]] = {}
    for iri in graph.concepts:
        deprecated = graph.objects(iri, OWL + "deprecated")
        if deprecated or CLASS_TYPES.isdisjoint(graph.types(iri)):
            continue
        labels = (label for predicate in LABELS for label in graph.objects(iri, predicate))
        texts = {
            (" ".join(label.value.split()).casefold(), label.language or "")
            for label in labels
            if isinstance(label, ox.Literal)
        }
        for text, language in sorted(texts):
            called.setdefault((namespace(iri), text, language), []).append(iri)
    for classes in called.values():
        first, same = classes[0], {*graph.named(classes[0], SAME)}
        for cls in classes[1:]:
            if cls not in same and first not in graph.named(cls, SAME):
                message = f"has the same label as {graph.compact(first)}"
                cure = "tell them apart in their labels, or merge them, or use owl:equivalentClass"
                yield _warning(graph, cls, message, cure)


def _used(graph: KnowledgeGraph) -> dict[str, str]:
    """IRI of a predicate or an object -> a node, by name, that names it first."""
    used: dict[str, str] = {}
    for predicate in graph.predicates:
        if predicate in BETWEEN_ONTOLOGIES:
            continue
        for subject, obj in graph.statements(predicate):
            used.setdefault(predicate, subject)
            if isinstance(obj, ox.NamedNode):
                used.setdefault(obj.value, subject)
    return used


def _undefined(graph: KnowledgeGraph, named: Mapping[str, str]) -> Iterator[Finding]:
    used = {iri: node for iri, node in named.items() if iri not in graph.rows}
    described = {*graph.rows, *_own_vocabulary(used)}
    spaces: dict[str, list[str]] = {}
    namespace = _namespaces(graph)
    for iri in described:
        if not iri.startswith(STANDARD):
            spaces.setdefault(namespace(iri), []).append(iri)
    missing = [iri for iri in sorted(used) if iri not in described and namespace(iri) in spaces]
    for count, iri in enumerate(missing):
        known = spaces[namespace(iri)] if count < MAX_SUGGESTIONS else []
        near = _misspelt(iri, known, len(namespace(iri)))
        hint = f"did you mean {graph.compact(near)}? else " if near else ""
        user = used[iri] if used[iri] in graph.rows else ""
        by = f", used by {graph.label(user)}," if user else ""
        message = f"the term {graph.compact(iri)}{by} is described nowhere"
        cure = hint + "describe it with a type and an rdfs:label"
        yield _warning(graph, user or iri, message, cure)


def _misspelt(iri: str, known: Iterable[str], start: int) -> str:
    """The term that `iri` is likely a typing error of, by its name from `start` on; or nothing."""
    name = iri[start:]
    if CODE.fullmatch(name):  # another number is another term
        return ""
    names = {other[start:]: other for other in known if abs(len(other) - len(iri)) <= MAX_TYPOS}
    near = get_close_matches(name, names, 1, LIKENESS)
    return names[near[0]] if near else ""


def _own_vocabulary(used: Iterable[str]) -> Sequence[str]:
    """The terms of our own vocabulary, for a graph that uses it without holding it."""
    if not any(iri.startswith(KGT) for iri in used):
        return ()
    return read_ontology(resource("ontology/kgt.ttl")).concepts


def _namespaces(graph: KnowledgeGraph) -> Callable[[str], str]:
    """IRI -> the longest declared namespace that it starts with, else all but its last part."""
    declared = set(graph.prefixes.values())
    lengths = sorted({len(space) for space in declared}, reverse=True)

    def namespace(iri: str) -> str:
        starts = (iri[:length] for length in lengths)
        end = max(iri.rfind("#"), iri.rfind("/")) + 1
        return next((start for start in starts if start in declared), iri[:end])

    return namespace


def _orphans(graph: KnowledgeGraph, used: Mapping[str, str]) -> Iterator[Finding]:
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
            yield Finding.of(graph, ontology, "hint", message, cure)


def _warning(graph: KnowledgeGraph, iri: str, message: str, cure: str) -> Finding:
    return Finding.of(graph, iri, "warning", message, cure)
