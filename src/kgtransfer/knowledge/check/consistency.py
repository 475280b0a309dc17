"""Axioms that contradict each other, that nothing can fulfil, or that tell no classes apart."""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.axioms.axioms import axioms_of
from kgtransfer.knowledge.axioms.restrictions import Condition
from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.class_tree import conjuncts
from kgtransfer.knowledge.terms import node_name
from kgtransfer.knowledge.vocabulary import KGT, OWL, RDF_TYPE, SUBCLASS_OF
from kgtransfer.knowledge.wordnet import linked_synsets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kgtransfer.knowledge.axioms.axioms import Axioms
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["inconsistencies"]

SHOWN = 3  # classes that a message names


def inconsistencies(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Graph -> findings about its axioms taken together, without their place in a file.

    Raises:
        OntologyError: the axioms cannot be read.
    """
    axioms = axioms_of(graph)
    yield from _contradictions(graph, axioms)
    yield from _excluding_themselves(graph)
    yield from _empty(graph)
    yield from _in_disjoint_classes(graph, axioms)
    yield from _indistinct(graph, axioms)


def _contradictions(graph: KnowledgeGraph, axioms: Axioms) -> Iterator[Finding]:
    """The same value of the same class with two frequencies."""
    for (cls, value), facts in groupby(axioms.stated, key=lambda fact: (fact.cls, fact.value)):
        frequencies = [
            graph.label(f.frequency) for f in sorted(facts, key=lambda f: -f.probability)
        ]
        if len(frequencies) > 1:
            message = f"contradicts itself: {graph.label(value)} is {' and '.join(frequencies)}"
            cure = "keep the frequency that holds"
            yield Finding.of(graph, cls, "violation", message, cure, "contradicts itself")


def _excluding_themselves(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Classes that are disjoint with, or the complement of, themselves."""
    for name in ("disjointWith", "complementOf"):
        for cls, other in graph.statements(OWL + name):
            if node_name(other) == cls:
                message = "excludes itself: nothing can belong to it"
                yield Finding.of(graph, cls, "violation", message, f"let owl:{name} name another")


def _in_disjoint_classes(graph: KnowledgeGraph, axioms: Axioms) -> Iterator[Finding]:
    """Classes and instances below two classes that exclude each other."""
    members = _members(graph, axioms)
    for disjoint in axioms.disjoint:
        classes_of: dict[str, list[str]] = {}
        for cls in disjoint.classes:
            for member in members(cls):
                classes_of.setdefault(member, []).append(cls)
        contradictory = {
            member: classes for member, classes in classes_of.items() if len(classes) > 1
        }

        def rank(member: str, classes: Sequence[str] = disjoint.classes) -> tuple[bool, str]:
            return member in classes, member

        for member, classes in contradictory.items():
            same = [e for e in members(member) & contradictory.keys() if member in members(e)]
            causes = {*axioms.superclasses(member), *graph.types(member)} - {*same}
            # Else it is wrong only because they are.
            if contradictory.keys().isdisjoint(causes) and rank(member) == min(map(rank, same)):
                labels = " and ".join(graph.label(cls) for cls in classes)
                message = f"belongs to {labels}, which exclude each other"
                cure = "leave it in one of them, or remove the disjointness"
                kind = "belongs to classes that exclude each other"
                yield Finding.of(graph, member, "violation", message, cure, kind)


def _members(graph: KnowledgeGraph, axioms: Axioms) -> Callable[[str], set[str]]:
    """Class -> itself, the classes below it or equivalent to them, and the instances of all."""
    narrower: dict[str, set[str]] = {}
    for cls, superclass in axioms.sub_classes:
        narrower.setdefault(superclass, set()).add(cls)
    for cls, expression in graph.statements(OWL + "equivalentClass"):
        for part in conjuncts(graph, expression):
            if isinstance(part, ox.NamedNode) and not cls.startswith("_:"):
                narrower.setdefault(part.value, set()).add(cls)
                if part == expression:
                    narrower.setdefault(cls, set()).add(part.value)
    cache: dict[str, set[str]] = {}

    def members(cls: str) -> set[str]:
        if cls not in cache:
            classes, queue = {cls}, [cls]
            while queue:
                new_classes = narrower.get(queue.pop(), set()) - classes
                classes |= new_classes
                queue += new_classes
            cache[cls] = classes.union(*(graph.subjects(RDF_TYPE.value, iri) for iri in classes))
        return cache[cls]

    return members


def _empty(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Classes below, or the same as, owl:Nothing, and what is said to be an instance of it."""
    nothing = OWL + "Nothing"
    for name, predicate in (
        ("rdfs:subClassOf", SUBCLASS_OF.value),
        ("owl:equivalentClass", OWL + "equivalentClass"),
        ("rdf:type", RDF_TYPE.value),
    ):
        for cls, expression in graph.statements(predicate):
            if nothing in map(node_name, conjuncts(graph, expression)) and cls != nothing:
                message = "is said to be owl:Nothing: nothing can belong to it"
                cure = f"let {name} name another class, or write owl:deprecated true"
                yield Finding.of(graph, cls, "violation", message, cure)


def _indistinct(graph: KnowledgeGraph, axioms: Axioms) -> Iterator[Finding]:
    """Classes that no axiom tells from their siblings, where siblings do have facts."""
    children: dict[str, list[str]] = {}
    for cls, parent in axioms.sub_classes:
        children.setdefault(parent, []).append(cls)
    own, stating = _own_axioms(graph, axioms), {fact.cls for fact in axioms.stated}
    reported = {value for values in axioms.attributes.values() for value in values}
    for siblings in children.values():
        if len(siblings) < 2 or stating.isdisjoint(siblings):
            continue
        groups: dict[frozenset[object], list[str]] = {}
        for cls in siblings:
            groups.setdefault(own.get(cls, frozenset()), []).append(cls)
        for own_axioms, classes in groups.items():
            for cls in classes if len(classes) > 1 or not own_axioms else ():
                if cls not in children and cls not in reported and not _is_deprecated(graph, cls):
                    reported.add(cls)
                    yield _hint(graph, cls, [c for c in classes if c != cls] if own_axioms else [])


def _is_deprecated(graph: KnowledgeGraph, cls: str) -> bool:
    return bool(graph.objects(cls, OWL + "deprecated"))


def _own_axioms(graph: KnowledgeGraph, axioms: Axioms) -> Mapping[str, frozenset[object]]:
    own: dict[str, set[object]] = {}
    for fact in axioms.stated:
        range_ = fact.minimum, fact.maximum
        own.setdefault(fact.cls, set()).add((fact.value, fact.frequency, range_))
    rules = chain[Condition](
        axioms.some_values, axioms.has_values, axioms.cardinalities, axioms.intervals
    )
    for rule in rules:
        own.setdefault(rule[0], set()).add(rule[1:])
    for predicate in (KGT + "measuredBy", OWL + "equivalentClass"):
        for cls, obj in graph.statements(predicate):
            own.setdefault(cls, set()).add((predicate, graph.structure(node_name(obj))))
    for cls in {subclass for subclass, _ in axioms.sub_classes}:  # WordNet says what they are
        own.setdefault(cls, set()).update(linked_synsets(graph, cls))
    return {cls: frozenset(statements) for cls, statements in own.items()}


def _hint(graph: KnowledgeGraph, cls: str, siblings: Sequence[str]) -> Finding:
    labels = ", ".join(graph.label(iri) for iri in siblings[:SHOWN])
    if len(siblings) > SHOWN:
        labels += f" and {len(siblings) - SHOWN} more"
    message = f"its axioms are those of {labels} too" if labels else "has no axiom of its own"
    cure = "state what tells it from its siblings, such as a kgt:usual value"
    return Finding.of(graph, cls, "hint", message, cure, "no axiom tells it from its siblings")
