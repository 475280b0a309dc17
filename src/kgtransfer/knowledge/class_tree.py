"""Which class is below which, as it is stated and as definitions say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from kgtransfer.knowledge.terms import node_name
from kgtransfer.knowledge.vocabulary import OWL, SUBCLASS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.knowledge.terms import Term

__all__ = ["Lookups", "class_tree", "conjuncts"]


class Lookups(Protocol):
    """The look-ups of a graph that are needed here."""

    def objects(self, subject: str, predicate: str) -> tuple[Term, ...]:
        """Subject, by name, and predicate -> objects."""

    def statements(self, predicate: str) -> tuple[tuple[str, Term], ...]:
        """Predicate -> subject, by name, and object of each of its triples."""

    def members(self, head: str) -> tuple[Term, ...]:
        """First node of an RDF list, by name -> the list's members."""


def conjuncts(
    graph: Lookups, expression: Term, connective: str = "intersectionOf"
) -> Iterator[Term]:
    """Class expression -> what it is an intersection of, all the way down, else itself.

    Args:
        graph: the graph.
        expression: a class, named or not.
        connective: `intersectionOf`, or `unionOf` for what it is a union of.
    """
    visited, queue = set[str](), [expression]
    while queue:
        part = queue.pop()
        name = node_name(part)
        if name in visited:
            continue
        visited.add(name)
        lists = graph.objects(name, OWL + connective) if name.startswith("_:") else ()
        queue.extend(member for head in lists for member in graph.members(node_name(head)))
        if not lists:
            yield part


def class_tree(graph: Lookups) -> set[tuple[str, str]]:
    """Graph -> IRIs of a class and a superclass, for every pair stated or part of a definition.

    A class is below each named part of an intersection that it is equivalent to (its genus), and
    above each named part of such a union.
    """
    pairs = set[tuple[str, str]]()
    for predicate in (SUBCLASS_OF.value, OWL + "equivalentClass"):
        for cls, expression in graph.statements(predicate):
            pairs.update((cls, node_name(part)) for part in conjuncts(graph, expression))
    for cls, expression in graph.statements(OWL + "equivalentClass"):
        pairs.update((node_name(part), cls) for part in conjuncts(graph, expression, "unionOf"))
    for name in ("intersectionOf", "unionOf", "disjointUnionOf"):
        for cls, head in graph.statements(OWL + name):
            parts = map(node_name, graph.members(node_name(head)))
            pairs.update((cls, part) if name == "intersectionOf" else (part, cls) for part in parts)
    return {pair for pair in pairs if not any(name.startswith("_:") for name in pair)}
