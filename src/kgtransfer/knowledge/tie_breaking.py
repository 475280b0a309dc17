"""Blank nodes that look alike, put in an order that depends on neither names nor files.

Nodes of one colour are mostly interchangeable (the petals of a flower), and then any order will
do. Where they hang together (each petal with its own stamen), their order must agree; and on
cycles some may look alike and not be. So they are ordered as in canonical labelling of graphs
(McKay, 1981): whatever hangs together is refined; what stands out is taken away and the rest
falls apart; where nothing stands out, each node of one kind is singled out in turn, and the way
that gives the least description counts.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from kgtransfer.errors import OntologyError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

Lines: TypeAlias = list[list[str]]
"""Per blank node (by number) what is said of it without another blank node."""
Links: TypeAlias = list[list[tuple[str, int]]]
"""Per blank node (by number) the blank nodes that it leads to, with the predicate."""

__all__ = ["Lines", "Links", "break_ties"]

STEPS, STEPS_PER_NODE = 400_000, 30
"""Recolourings allowed in all: some seconds, and time in proportion to the size."""
MAX_DEPTH = 100
"""Nodes that are singled out one within the other."""
SINGLED = " *"


class Arranged(NamedTuple):
    """Nodes that hang together: equal texts where they do so in the same way, and their order."""

    text: str
    order: list[int]


def break_ties(colours: Sequence[str], lines: Lines, links: Links) -> list[str]:
    """Colours of nodes -> the same made different: shared ones get a number, `_2` and so on.

    Args:
        colours: of each node; equal for all that the graph's isomorphisms exchange.
        lines: what is said of each node, and by whom, without another blank node.
        links: from each node to others.

    Raises:
        OntologyError: nodes are too alike to put them in order in reasonable time.
    """
    counts = Counter(colours)
    tied = [node for node, colour in enumerate(colours) if counts[colour] > 1]
    names = list(colours)
    if not tied:
        return names
    around = _around(tied, colours, lines, links)
    parts = sorted(around.arranged(part) for part in around.parts(tied))
    kinds = defaultdict[str, set[str]](set)
    for text, order in parts:
        for node in order:
            kinds[colours[node]].add(text)
    used = Counter[str]()
    for text, order in parts:
        for node in order:
            colour = colours[node]
            # Of several kinds, which are alike from near by, each has names of its own.
            name = colour if len(kinds[colour]) == 1 else _digest(f"{colour}\n{text}")
            used[name] += 1
            names[node] = name if used[name] == 1 else f"{name}_{used[name]}"
    return names


def _around(
    tied: Collection[int], colours: Sequence[str], lines: Lines, links: Links
) -> _Surroundings:
    """Tied nodes -> what is said of them: a node that is not tied counts as if it had a name."""
    descriptions = {node: [colours[node], *lines[node]] for node in tied}
    neighbours: dict[int, list[tuple[str, int]]] = {node: [] for node in tied}
    for source, targets in enumerate(links):
        for predicate, target in targets:
            for node, other, link in (
                (source, target, f"{predicate} >"),
                (target, source, f"{predicate} <"),
            ):
                if node in neighbours and other in neighbours:
                    neighbours[node].append((link, other))
                elif node in neighbours:
                    descriptions[node].append(f"{link} {colours[other]}")
    return _Surroundings(descriptions, neighbours, STEPS + STEPS_PER_NODE * len(tied))


class _Surroundings:
    """Nodes, what is said of each, and their links; it counts the steps that are left."""

    def __init__(
        self,
        descriptions: Mapping[int, list[str]],
        neighbours: Mapping[int, list[tuple[str, int]]],
        steps: int,
    ) -> None:
        self.descriptions, self.neighbours = descriptions, neighbours
        self.steps, self.depth = steps, 0

    def parts(self, nodes: Iterable[int]) -> list[list[int]]:
        """Nodes -> their connected components."""
        remaining, components = dict.fromkeys(nodes), []
        while remaining:
            part = [remaining.popitem()[0]]
            for node in part:  # grows
                reached = [other for _, other in self.neighbours[node] if other in remaining]
                for other in dict.fromkeys(reached):
                    del remaining[other]
                    part.append(other)
            components.append(part)
        return components

    def arranged(self, part: list[int], more: Mapping[int, list[str]] | None = None) -> Arranged:
        """Nodes that hang together, in order.

        Args:
            part: the nodes.
            more: what else is said of some of them.
        """
        descriptions = {n: [*self.descriptions[n], *(more or {}).get(n, ())] for n in part}
        if len(part) == 1:
            return Arranged(self._first(part, descriptions)[part[0]], part)
        colours = self._refined(part, descriptions)
        counts = Counter(colours.values())
        apart = sorted((n for n in part if counts[colours[n]] == 1), key=colours.__getitem__)
        components = self.parts(node for node in part if counts[colours[node]] > 1)
        if not apart and len(components) == 1:
            return self._branched(part, colours, more or {})
        placed = {node: colours[node] for node in apart}
        further = {
            node: [
                *(more or {}).get(node, ()),
                *(f"{link} {placed[n]}" for link, n in self.neighbours[node] if n in placed),
            ]
            for component in components
            for node in component
        }
        arranged = sorted(self.arranged(component, further) for component in components)
        lines = [
            f"{placed[node]} {link} {placed[other]}"
            for node in apart
            for link, other in self.neighbours[node]
            if other in placed
        ]
        text = "\n".join([*placed.values(), *sorted(lines), *(text for text, _ in arranged)])
        return Arranged(_digest(text), [*apart, *(n for _, order in arranged for n in order)])

    def _branched(
        self, part: list[int], colours: Mapping[int, str], more: Mapping[int, list[str]]
    ) -> Arranged:
        """Nodes of which none stands out: the least of what singling out one of a kind gives."""
        groups = defaultdict[str, list[int]](list)
        for node in part:
            groups[colours[node]].append(node)
        cell = min(groups.items(), key=lambda group: (len(group[1]), group[0]))[1]
        tried = list[int]()
        for node in cell:  # where two can change places, one way will do
            if not any(self._twins(node, other) for other in tried):
                tried.append(node)
        self._count(len(part), deeper=1)
        least = min(
            self.arranged(part, {**more, node: [*more.get(node, ()), SINGLED]}) for node in tried
        )
        self.depth -= 1
        return least

    def _twins(self, first: int, second: int) -> bool:
        """Two nodes of one colour -> whether they can change places while all others stay."""
        swapped = {first: second, second: first}
        links = sorted((link, swapped.get(other, other)) for link, other in self.neighbours[first])
        return links == sorted(self.neighbours[second])

    def _refined(self, part: list[int], descriptions: Mapping[int, list[str]]) -> dict[int, str]:
        """Colours from what is said of the nodes, and of those around them, to no end."""
        inside = set(part)
        links = {n: [(link, o) for link, o in self.neighbours[n] if o in inside] for n in part}
        colours, kinds = self._first(part, descriptions), 0
        while kinds < (distinct := len(set(colours.values()))) < len(part):
            kinds = distinct
            self._count(len(part))
            colours = {
                node: _digest(
                    "\n".join(
                        [colours[node], *sorted(f"{link} {colours[o]}" for link, o in links[node])]
                    )
                )
                for node in part
            }
        return colours

    def _first(self, part: list[int], descriptions: Mapping[int, list[str]]) -> dict[int, str]:
        return {node: _digest("\n".join(sorted(descriptions[node]))) for node in part}

    def _count(self, steps: int, deeper: int = 0) -> None:
        self.steps -= steps
        self.depth += deeper
        if self.steps < 0 or self.depth > MAX_DEPTH:
            raise OntologyError(
                "blank nodes on cycles are too alike to tell apart in reasonable time",
                cure="give the nodes on the cycles IRIs",
            )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
