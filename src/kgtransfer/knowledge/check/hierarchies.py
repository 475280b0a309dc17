"""Circles in what should be a tree: classes, properties or concepts above themselves."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.vocabulary import RDFS, SKOS, SUBCLASS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["cycles"]

MAX_CYCLES = 20
MAX_SHOWN = 10
"""Members of a cycle that its message names."""
HIERARCHIES: Mapping[str, tuple[tuple[str, bool], ...]] = {
    "superclass": ((SUBCLASS_OF.value, False),),
    "superproperty": ((RDFS + "subPropertyOf", False),),
    "broader concept": (
        *((SKOS + name, False) for name in ("broader", "broaderTransitive")),
        *((SKOS + name, True) for name in ("narrower", "narrowerTransitive")),
    ),
}
"""What stands above -> the predicates that say so, and whether they do from above."""
CURES = {
    "superclass": "remove one rdfs:subClassOf; if the classes mean the same, use "
    "owl:equivalentClass",
    "superproperty": "remove one rdfs:subPropertyOf; if they mean the same, use "
    "owl:equivalentProperty",
    "broader concept": "remove one skos:broader or skos:narrower",
}


def cycles(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Graph -> violations: circles, each in the order from below to above."""
    for kind, predicates in HIERARCHIES.items():
        parents: dict[str, set[str]] = {}
        for predicate, from_above in predicates:
            for subject, obj in graph.statements(predicate):
                if isinstance(obj, ox.NamedNode) and not subject.startswith("_:"):
                    low, high = (obj.value, subject) if from_above else (subject, obj.value)
                    parents.setdefault(low, set()).add(high)
        for cycle in _cycles({low: sorted(highs) for low, highs in sorted(parents.items())}):
            cut = [*cycle[: MAX_SHOWN - 1], "...", cycle[-1]]
            labels = map(graph.label, cycle if len(cycle) <= MAX_SHOWN else cut)
            message = f"is its own {kind}: {' > '.join(labels)}"
            is_own = f"is its own {kind}"
            yield Finding.of(graph, cycle[0], "violation", message, CURES[kind], is_own)


def _cycles(parents: dict[str, list[str]]) -> Iterator[list[str]]:
    """Node -> nodes above it; gives circles, the first node again at the end, and cuts each."""
    for _ in range(MAX_CYCLES):
        try:
            TopologicalSorter(parents).prepare()
        except CycleError as error:
            cycle: list[str] = error.args[1][::-1]  # graphlib gives what is above first
            parents[cycle[0]].remove(cycle[1])
            yield cycle
        else:
            return
