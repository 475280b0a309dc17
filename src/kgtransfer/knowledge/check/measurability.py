"""Classes that axioms tell apart, but nothing that is measured does."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from kgtransfer.knowledge.axioms.axioms import axioms_of
from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.vocabulary import KGT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["unmeasured"]

KIND = "cannot be told from another class by anything that is measured"
SHOWN = 3  # values that a message names


def unmeasured(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Graph -> findings about disjoint classes that differ in nothing with `kgt:measuredBy`.

    Such a class can be described in any detail and will never be recognised: its decisive values
    cannot be seen. Only asked of ontologies that say of some values how they are measured.
    """
    measured = {subject for subject, _ in graph.statements(KGT + "measuredBy")}
    if not measured:
        return
    axioms = axioms_of(graph)
    for disjoint in axioms.disjoint:
        facts = {cls: axioms.facts(cls) for cls in disjoint.classes}
        stated = {
            cls: {f.value: f.probability for f in class_facts}
            for cls, class_facts in facts.items()
            if class_facts
        }
        for first, second in combinations(stated, 2):
            differing = _differing(stated[first], stated[second])
            if differing and measured.isdisjoint(differing):
                yield _finding(graph, first, second, differing)


def _differing(first: Mapping[str, float], second: Mapping[str, float]) -> list[str]:
    """The frequencies of two classes -> the values that they show with different ones."""
    return sorted(v for v in {*first, *second} if first.get(v) != second.get(v))


def _finding(graph: KnowledgeGraph, first: str, second: str, differing: Collection[str]) -> Finding:
    named = ", ".join([graph.label(value) for value in differing][:SHOWN])
    more = ", ..." if len(differing) > SHOWN else ""
    message = (
        f"cannot be told from {graph.label(second)} by anything that is measured: they differ in "
        f"{named}{more}"
    )
    cure = "write kgt:measuredBy at one of these values, or a fact with a value that has it"
    return Finding.of(graph, first, "warning", message, cure, KIND)
