"""What the axioms of an ontology make impossible, contradictory or pointless."""

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
    """What is wrong with a graph's axioms taken together, without its place in a file.

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
        said = [graph.label(f.frequency) for f in sorted(facts, key=lambda f: -f.probability)]
        if len(said) > 1:
            message = f"contradicts itself: {graph.label(value)} is {' and '.join(said)}"
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
        found: dict[str, list[str]] = {}
        for cls in disjoint.classes:
            for member in members(cls):
                found.setdefault(member, []).append(cls)
        wrong = {member: classes for member, classes in found.items() if len(classes) > 1}

        def cause(member: str, among: Sequence[str] = disjoint.classes) -> tuple[bool, str]:
            return member in among, member

        for member, classes in wrong.items():
            same = [e for e in members(member) & wrong.keys() if member in members(e)]
            above = {*axioms.superclasses(member), *graph.types(member)} - {*same}
            # Else it is wrong only because they are.
            if wrong.keys().isdisjoint(above) and cause(member) == min(map(cause, same)):
                labels = " and ".join(graph.label(cls) for cls in classes)
                message = f"belongs to {labels}, which exclude each other"
                cure = "leave it in one of them, or remove the disjointness"
                kind = "belongs to classes that exclude each other"
                yield Finding.of(graph, member, "violation", message, cure, kind)


def _members(graph: KnowledgeGraph, axioms: Axioms) -> Callable[[str], set[str]]:
    """Class -> itself, the classes below it or equivalent to them, and the instances of all."""
    below: dict[str, set[str]] = {}
    for cls, superclass in axioms.sub_classes:
        below.setdefault(superclass, set()).add(cls)
    for cls, other in graph.statements(OWL + "equivalentClass"):
        for part in conjuncts(graph, other):
            if isinstance(part, ox.NamedNode) and not cls.startswith("_:"):
                below.setdefault(part.value, set()).add(cls)
                if part == other:
                    below.setdefault(cls, set()).add(part.value)
    known: dict[str, set[str]] = {}

    def members(cls: str) -> set[str]:
        if cls not in known:
            classes, left = {cls}, [cls]
            while left:
                fresh = below.get(left.pop(), set()) - classes
                classes |= fresh
                left += fresh
            known[cls] = classes.union(*(graph.subjects(RDF_TYPE.value, iri) for iri in classes))
        return known[cls]

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
    seen = {value for values in axioms.attributes.values() for value in values}
    for siblings in children.values():
        if len(siblings) < 2 or stating.isdisjoint(siblings):
            continue
        alike: dict[frozenset[object], list[str]] = {}
        for cls in siblings:
            alike.setdefault(own.get(cls, frozenset()), []).append(cls)
        for own_axioms, classes in alike.items():
            for cls in classes if len(classes) > 1 or not own_axioms else ():
                if cls not in children and cls not in seen and not _is_deprecated(graph, cls):
                    seen.add(cls)
                    yield _hint(graph, cls, [c for c in classes if c != cls] if own_axioms else [])


def _is_deprecated(graph: KnowledgeGraph, cls: str) -> bool:
    return bool(graph.objects(cls, OWL + "deprecated"))


def _own_axioms(graph: KnowledgeGraph, axioms: Axioms) -> Mapping[str, frozenset[object]]:
    found: dict[str, set[object]] = {}
    for fact in axioms.stated:
        range_ = fact.minimum, fact.maximum
        found.setdefault(fact.cls, set()).add((fact.value, fact.frequency, range_))
    rules = chain[Condition](
        axioms.some_values, axioms.has_values, axioms.cardinalities, axioms.intervals
    )
    for rule in rules:
        found.setdefault(rule[0], set()).add(rule[1:])
    for predicate in (KGT + "measuredBy", OWL + "equivalentClass"):
        for cls, obj in graph.statements(predicate):
            found.setdefault(cls, set()).add((predicate, graph.structure(node_name(obj))))
    for cls in {subclass for subclass, _ in axioms.sub_classes}:  # WordNet says what they are
        found.setdefault(cls, set()).update(linked_synsets(graph, cls))
    return {cls: frozenset(said) for cls, said in found.items()}


def _hint(graph: KnowledgeGraph, cls: str, alike: Sequence[str]) -> Finding:
    labels = ", ".join(graph.label(iri) for iri in alike[:SHOWN])
    if len(alike) > SHOWN:
        labels += f" and {len(alike) - SHOWN} more"
    message = f"its axioms are those of {labels} too" if labels else "has no axiom of its own"
    cure = "state what tells it from its siblings, such as a kgt:usual value"
    return Finding.of(graph, cls, "hint", message, cure, "no axiom tells it from its siblings")
