"""An edit of a graph -> the functions whose grounding it may change, and what is around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.code.graphs.api import API

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kgtransfer.code.live.triples import Change, LiveTriples
    from kgtransfer.code.verbalisers.base import Step
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Paths = Mapping[str, Sequence[Step]]

__all__ = ["affected", "around"]


def affected(triples: LiveTriples, change: Change, paths: Paths) -> set[str]:
    """IRIs from which a path leads over a changed triple, or to a node that is described otherwise.

    Of a path that is new, or gone, the links before the first that changed are there before the
    change and after it: to walk back along them in the graph as it is finds every such path.

    Args:
        triples: as they are after the change.
        change: to look at.
        paths: relation -> steps.
    """
    ends = _ends((*change.removed, *change.added), paths)
    return {
        iri for name, place, node in ends for iri in _starts(triples, paths[name][:place], node)
    }


def _ends(changed: Iterable[ox.Triple], paths: Paths) -> set[tuple[str, int, ox.NamedNode]]:
    """Path, place in it, and node there that a walk along the path must reach to notice a change.

    A link is noticed by who takes it, a description by who arrives at its subject.
    """
    links = {API + step.relation for steps in paths.values() for step in steps}
    found: set[tuple[str, int, ox.NamedNode]] = set()
    for subject, predicate, target in changed:
        if not isinstance(subject, ox.NamedNode):
            continue
        for name, steps in paths.items():
            for place, step in enumerate(steps):
                if predicate.value not in links:
                    found.add((name, place + 1, subject))
                elif predicate.value == API + step.relation and isinstance(target, ox.NamedNode):
                    found.add((name, place, target if step.inverse else subject))
    return found


def _starts(triples: LiveTriples, steps: Sequence[Step], node: ox.NamedNode) -> set[str]:
    """IRIs from which some steps lead to a node."""
    reached = {node}
    for step in reversed(steps):
        reached = {start for end in reached for start in triples.against(step, end)}
    return {start.value for start in reached}


def around(triples: LiveTriples, iris: Iterable[str], paths: Paths) -> KnowledgeGraph:
    """All that is said of some functions and of what paths lead to from them."""
    starts = [ox.NamedNode(iri) for iri in iris]
    nodes = dict.fromkeys(starts)
    for steps in paths.values():
        reached = dict.fromkeys(starts)
        for step in steps:
            reached = dict.fromkeys(n for start in reached for n in triples.along(step, start))
            nodes |= reached
    return triples.about(nodes)
