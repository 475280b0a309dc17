"""Blank nodes named by what is said of them, so that equal files give equal triples.

Full canonicalisation (RDFC-1.0) numbers blank nodes globally: one edit renames them all. Here a
name is a hash of the node's surroundings, found by colour refinement (Weisfeiler and Leman, 1968):
linear for the trees and lists that ontologies are made of, and the same wherever the node stands
in a file. Nodes that cannot be told apart, such as the five petals of a flower, are numbered;
`ties` says in which order. No two nodes ever become one: a graph has as many triples as its file.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.tie_breaking import break_ties

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kgtransfer.knowledge.tie_breaking import Lines, Links

TripleTexts: TypeAlias = tuple[str, str, str]
"""A triple as the texts of its terms: they are made once."""

MAX_CYCLE_STEPS = 300_000
"""Recolourings allowed for nodes on blank cycles, about a second of work."""


def canonical_triples(triples: Iterable[ox.Triple]) -> dict[str, ox.Triple]:
    """Triples -> the same with structural blank-node names, each once, sorted as N-Triples.

    Returns:
        Each triple by its text in N-Triples (without the final dot), in the order of the texts.

    Raises:
        OntologyError: blank nodes form cycles too large, or too regular, to tell apart in
            reasonable time.
    """
    unique = {str(triple): triple for triple in triples}
    blank = [text for text in unique if text.startswith("_:") or " _:" in text]  # few, and quickly
    blank_triples = [(triple := unique.pop(text), _texts(triple)) for text in blank]
    names = _names(_blank(texts for _, texts in blank_triples))
    for triple, (subject, predicate, obj) in blank_triples:
        subject_node, object_node = names.get(subject), names.get(obj)
        renamed = ox.Triple(
            subject_node or triple.subject, triple.predicate, object_node or triple.object
        )
        unique[f"{subject_node or subject} {predicate} {object_node or obj}"] = renamed
    return {text: unique[text] for text in sorted(unique)}


def structures(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """Triples -> for each blank node (`_:x`) a digest of what hangs below it.

    Raises:
        OntologyError: as for `canonical_triples`.
    """
    blank = _blank(map(_texts, triples))
    number = _numbers(blank)
    lines, _, children, _ = _surroundings(blank, number)
    colours = _refine([""] * len(number), lines, children)
    return {term: colours[node] for term, node in number.items()}


def _texts(triple: ox.Triple) -> TripleTexts:
    return str(triple.subject), str(triple.predicate), str(triple.object)


def _blank(triples: Iterable[TripleTexts]) -> list[TripleTexts]:
    return [texts for texts in triples if "_:" in (texts[0][:2], texts[2][:2])]


def _numbers(triples: list[TripleTexts]) -> dict[str, int]:
    number: dict[str, int] = {}
    for subject, _, obj in triples:
        for term in (subject, obj):
            if term.startswith("_:"):
                number.setdefault(term, len(number))
    return number


def _names(triples: list[TripleTexts]) -> dict[str, ox.BlankNode]:
    """Triples -> for each old name (`_:x`) a blank node named by what is around it."""
    number = _numbers(triples)
    lines, referrers, children, parents = _surroundings(triples, number)
    colours = [""] * len(number)
    # Twice: who refers to the nodes below a node also tells it from others. A fixed number of
    # rounds keeps a node's name free of what is said elsewhere in the graph.
    for _ in range(2):
        colours = _refine(colours, lines, children)
        colours = _refine(colours, referrers, parents)
    names = break_ties(colours, [*map(_together, lines, referrers)], children)
    return {term: ox.BlankNode(f"b{names[node]}") for term, node in number.items()}


def _together(lines: list[str], referrers: list[str]) -> list[str]:
    return [*lines, *(f"{line} ." for line in referrers)]


def _surroundings(
    triples: list[TripleTexts], number: dict[str, int]
) -> tuple[Lines, Lines, Links, Links]:
    """Triples -> what each blank node says, who refers to it, and its links down and up."""
    lines: Lines = [[] for _ in number]
    referrers: Lines = [[] for _ in number]
    children: Links = [[] for _ in number]
    parents: Links = [[] for _ in number]
    for subject, predicate, obj in triples:
        source, target = number.get(subject), number.get(obj)
        if source is None and target is not None:
            referrers[target].append(f"{subject} {predicate}")
        elif source is not None and target is None:
            lines[source].append(f"{predicate} {obj}")
        elif source is not None and target is not None:
            children[source].append((predicate, target))
            parents[target].append((predicate, source))
    return lines, referrers, children, parents


def _refine(old: list[str], lines: Lines, links: Links) -> list[str]:
    """Old colours -> new ones, from each node's own lines and the colours that its links lead to.

    Nodes are coloured after those they point to; what is left are cycles and what leads to them.
    """
    pointing: list[list[int]] = [[] for _ in links]
    for node, targets in enumerate(links):
        for _, target in targets:
            pointing[target].append(node)
    missing = [len(targets) for targets in links]
    ready = [node for node, count in enumerate(missing) if not count]
    colours = [""] * len(links)
    while ready:
        node = ready.pop()
        colours[node] = _colour(old[node], lines[node], links[node], colours)
        for source in pointing[node]:
            missing[source] -= 1
            if not missing[source]:
                ready.append(source)
    cyclic = [node for node, count in enumerate(missing) if count]
    kinds = steps = 0
    while (distinct := len({colours[node] for node in cyclic})) > kinds:
        kinds, steps = distinct, steps + len(cyclic)
        if steps > MAX_CYCLE_STEPS:
            raise OntologyError(
                f"{len(cyclic)} blank nodes form cycles too long to tell apart",
                cure="give the nodes on the cycles IRIs",
            )
        new_colours = [_colour(old[n], lines[n], links[n], colours) for n in cyclic]
        for node, colour in zip(cyclic, new_colours, strict=True):
            colours[node] = colour
    return colours


def _colour(old: str, lines: list[str], links: list[tuple[str, int]], colours: list[str]) -> str:
    reached = [f"{predicate} {colours[target]}" for predicate, target in links]
    text = "\n".join([old, *sorted([*lines, *reached])])
    return hashlib.sha256(text.encode()).hexdigest()[:32]
