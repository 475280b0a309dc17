from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.embedding.kge.triples import (
    FilterIndex,
    Triples,
    graph_triples,
    irreflexive,
    with_reciprocals,
)

LINKS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.integers(0, 5)), max_size=40)


def rows(*links: tuple[int, int, int]) -> np.ndarray:
    return np.array(links, dtype=np.int64).reshape(-1, 3)


def test_reciprocals_ask_for_the_head_by_a_relation_of_their_own():
    both = with_reciprocals(rows((0, 1, 2), (3, 0, 4)), 2)
    assert both.tolist() == [[0, 1, 2], [3, 0, 4], [2, 3, 0], [4, 2, 3]]


@given(LINKS, LINKS)
def test_the_filter_gives_exactly_the_known_tails(links, asked):
    index = FilterIndex.build(rows(*links), width=3)
    wanted = rows(*asked)
    queries, tails = index.lookup(wanted[:, 0], wanted[:, 1])
    expected = [
        (query, tail)
        for query, (head, relation, _) in enumerate(asked)
        for tail in sorted({t for h, r, t in links if (h, r) == (head, relation)})
    ]
    assert list(zip(queries.tolist(), tails.tolist(), strict=True)) == expected


@given(LINKS, st.integers(0, 3))
def test_held_out_links_leave_their_ends_and_relation_in_train(links, seed):
    none = rows()
    triples = Triples(tuple("abcdef"), tuple("rst"), rows(*links), none, none)
    split = triples.hold_out(0.5, seed=seed)
    assert sorted(split.all.tolist()) == sorted(triples.all.tolist())
    assert len(split.valid) <= round(0.5 * len(links))
    train_ends = set(split.train[:, [0, 2]].ravel().tolist())
    assert set(split.valid[:, [0, 2]].ravel().tolist()) <= train_ends
    assert set(split.valid[:, 1].tolist()) <= set(split.train[:, 1].tolist())


def test_the_split_follows_its_seed(family):
    triples = graph_triples(family)
    first, again, other = (triples.hold_out(0.1, seed=seed).valid.tolist() for seed in (0, 0, 1))
    assert first == again
    assert first != other
    assert len(first) == round(0.1 * len(triples.train))


def test_at_most_so_many_links_are_held_out(family):
    assert len(graph_triples(family).hold_out(0.5, most=7).valid) == 7


def test_rows_of_a_graph_are_its_concepts(family):
    triples = graph_triples(family)
    assert triples.entities == family.concepts
    assert triples.relations == family.relations
    assert triples.train.tolist() == family.edges.tolist()


def test_a_relation_without_loops_in_training_is_irreflexive():
    none = rows()
    triples = Triples(tuple("ab"), tuple("rst"), rows((0, 0, 1), (1, 1, 1)), none, rows((0, 0, 0)))
    assert irreflexive(triples).tolist() == [True, False, True, True, False, True]
