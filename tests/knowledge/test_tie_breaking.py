"""Blank nodes that look alike: ordered without their names, quickly, or refused."""

from __future__ import annotations

import random
import time

import pyoxigraph as ox
import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.canonical import canonical_triples
from kgtransfer.knowledge.tie_breaking import break_ties

P = ox.NamedNode("http://example.org/p")


def ring(name: str, size: int) -> list[tuple[str, str]]:
    return [(f"{name}{n}", f"{name}{(n + 1) % size}") for n in range(size)]


def canonical(edges: list[tuple[str, str]], seed: int = 0) -> list[str]:
    """The canonical text of links between blank nodes, which come in some order."""
    shuffled = random.Random(seed).sample(edges, len(edges))
    names = {end: ox.BlankNode() for edge in shuffled for end in edge}
    return list(canonical_triples(ox.Triple(names[s], P, names[o]) for s, o in shuffled))


def test_what_is_alone_keeps_its_colour() -> None:
    assert break_ties(["a", "b"], [["x"], ["y"]], [[], []]) == ["a", "b"]


def test_what_is_equal_is_numbered() -> None:
    assert sorted(break_ties(["a"] * 3, [["x"]] * 3, [[], [], []])) == ["a", "a_2", "a_3"]


def test_numbers_of_nodes_that_hang_together_agree() -> None:
    links = [[("p", 3)], [("p", 2)], [], []]
    names = break_ties(["a", "a", "b", "b"], [[], [], [], []], links)
    pairs = {(names[0], names[3]), (names[1], names[2])}
    assert pairs == {("a", "b"), ("a_2", "b_2")}


RINGS = [
    [*ring("a", 6), *ring("b", 3), *ring("c", 3)],
    [*ring("a", 3), *ring("b", 5), *ring("c", 4), *ring("d", 5)],
    [(f"l{a}", f"r{b}") for a in range(4) for b in range(4) if a != b],
    [(f"n{a}", f"n{b}") for a in range(12) for b in range(12) if a != b],
    [(f"n{a}", f"n{b}") for a in range(8) for b in range(8) if (a ^ b).bit_count() == 1],
]


@pytest.mark.parametrize("edges", RINGS)
def test_regular_graphs_have_one_text(edges: list[tuple[str, str]]) -> None:
    texts = [canonical(edges, seed) for seed in range(4)]
    assert [len(text) for text in texts] == [len(edges)] * 4
    assert texts[1:] == texts[:-1]


def test_graphs_that_only_look_alike_have_texts_of_their_own() -> None:
    assert canonical(ring("a", 6)) != canonical([*ring("a", 3), *ring("b", 3)])


def test_many_equal_nodes_take_time_in_proportion() -> None:
    star = [("root", f"leaf{n}") for n in range(10_000)]
    trees = [(f"t{n}", f"t{n}{end}") for n in range(5_000) for end in "ab"]
    started = time.process_time()
    assert len(canonical([*star, *trees])) == 20_000
    assert time.process_time() - started < 10


def test_what_is_too_regular_is_refused() -> None:
    random_ = random.Random(0)
    nodes = [*range(300)]
    edges = []
    for _ in range(3):  # three links from and to each node
        targets = random_.sample(nodes, len(nodes))
        edges += [(f"n{s}", f"n{o}") for s, o in zip(nodes, targets, strict=True)]
    with pytest.raises(OntologyError, match="too alike to tell apart"):
        canonical([*edges, *((f"m{s}", f"m{o}") for s, o in ring("", 300))])
