"""Triples -> the look-up tables that a graph answers from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.terms import node_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kgtransfer.knowledge.terms import Term

__all__ = ["by_object", "by_predicate", "by_subject", "reachable"]


def by_subject(triples: Iterable[ox.Triple]) -> Mapping[str, dict[str, list[Term]]]:
    """Triples -> subject: predicate: objects, in the order of the triples."""
    index: dict[str, dict[str, list[Term]]] = {}
    for triple in triples:
        description = index.setdefault(node_name(triple.subject), {})
        description.setdefault(triple.predicate.value, []).append(triple.object)  # type: ignore[arg-type]
    return index


def by_predicate(
    subjects: Mapping[str, Mapping[str, list[Term]]],
) -> Mapping[str, list[tuple[str, Term]]]:
    """What `by_subject` gives -> predicate: its statements as subject and object."""
    index: dict[str, list[tuple[str, Term]]] = {}
    for subject, description in subjects.items():
        for predicate, objects in description.items():
            index.setdefault(predicate, []).extend((subject, obj) for obj in objects)
    return index


def by_object(triples: Iterable[ox.Triple]) -> Mapping[tuple[str, str], list[str]]:
    """Triples -> predicate and object: subjects, where both ends have IRIs."""
    index: dict[tuple[str, str], list[str]] = {}
    for triple in triples:
        subject, obj = triple.subject, triple.object
        if isinstance(subject, ox.NamedNode) and isinstance(obj, ox.NamedNode):
            index.setdefault((triple.predicate.value, obj.value), []).append(subject.value)
    return index


def reachable(start: str, steps: Mapping[str, set[str]]) -> tuple[str, ...]:
    """Node and steps -> what any number of steps leads to, itself left out, sorted."""
    reached, frontier = set[str](), [start]
    while frontier:
        neighbours = steps.get(frontier.pop(), set()) - reached
        reached |= neighbours
        frontier.extend(neighbours)
    return tuple(sorted(reached - {start}))
