from __future__ import annotations

import random
from collections.abc import Iterable

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.canonical import canonical_triples
from kgtransfer.knowledge.graph import KnowledgeGraph

EX = "http://example.org/"
HEAD = f"@prefix : <{EX}> . @prefix owl: <http://www.w3.org/2002/07/owl#> ."


def triples(turtle: str) -> list[ox.Triple]:
    parser = ox.parse(input=HEAD + turtle, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    return [quad.triple for quad in parser]


def renamed(raw_triples: list[ox.Triple], seed: int) -> list[ox.Triple]:
    """The same triples in another order with other blank-node names."""
    names: dict[str, ox.BlankNode] = {}

    def other(term: object) -> object:
        if isinstance(term, ox.BlankNode):
            return names.setdefault(term.value, ox.BlankNode())
        return term

    copy = [ox.Triple(other(t.subject), t.predicate, other(t.object)) for t in raw_triples]
    random.Random(seed).shuffle(copy)
    return copy


def ntriples(graph: Iterable[ox.Triple]) -> bytes:
    return ox.serialize(graph, format=ox.RdfFormat.N_TRIPLES) or b""


NAMED = st.sampled_from([ox.NamedNode(EX + name) for name in "abc"])
BLANK = st.sampled_from([ox.BlankNode(name) for name in "uvwxyz"])
PREDICATE = st.sampled_from(
    [
        ox.NamedNode(EX + "p"),
        ox.NamedNode(EX + "q"),
        ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#first"),
    ]
)
LITERAL = st.sampled_from([ox.Literal("one"), ox.Literal("one", language="en"), ox.Literal(1)])
ALIKE = st.lists(  # few words and much that is equal
    st.builds(
        ox.Triple,
        BLANK | st.just(ox.NamedNode(EX + "a")),
        st.sampled_from([ox.NamedNode(EX + "p"), ox.NamedNode(EX + "q")]),
        BLANK,
    ),
    max_size=12,
)
GRAPHS = st.lists(
    st.builds(ox.Triple, NAMED | BLANK, PREDICATE, NAMED | BLANK | LITERAL), max_size=14
)


@given(GRAPHS, st.integers(0, 1000))
def test_order_and_blank_names_change_nothing(raw_triples: list[ox.Triple], seed: int) -> None:
    graph = KnowledgeGraph(raw_triples, {"ex": EX})
    other = KnowledgeGraph(renamed(raw_triples, seed), {"sample": EX})
    assert other.triples == graph.triples
    assert other.hash == graph.hash
    assert other.rows == graph.rows
    assert other.edges.tolist() == graph.edges.tolist()
    assert other == graph


@given(GRAPHS)
def test_naming_what_is_named_changes_nothing(raw_triples: list[ox.Triple]) -> None:
    once = canonical_triples(raw_triples)
    assert canonical_triples(once.values()) == once


@given(GRAPHS, GRAPHS)
def test_a_union_says_what_both_say_and_nothing_twice(
    left: list[ox.Triple], right: list[ox.Triple]
) -> None:
    ours, theirs = KnowledgeGraph(renamed(left, 0)), KnowledgeGraph(renamed(right, 1))
    assert ours | ours == ours
    assert (ours | theirs) == (theirs | ours)
    assert len(ours | theirs) == len({*ours.triples, *theirs.triples})


@given(GRAPHS)
def test_no_triple_is_lost(raw_triples: list[ox.Triple]) -> None:
    assert len(KnowledgeGraph(renamed(raw_triples, 0))) == len(set(raw_triples))


@given(ALIKE)
def test_the_graph_stays_the_same_but_for_names(raw_triples: list[ox.Triple]) -> None:
    canonical = KnowledgeGraph(raw_triples).triples
    assert isomorphic(
        *(rdflib.Graph().parse(data=ntriples(g), format="nt") for g in (raw_triples, canonical))
    )


@given(ALIKE, st.integers(0, 1000))
def test_nodes_that_look_alike_are_named_alike_in_any_order(
    raw_triples: list[ox.Triple], seed: int
) -> None:
    assert (
        KnowledgeGraph(renamed(raw_triples, seed)).canonical
        == KnowledgeGraph(raw_triples).canonical
    )


@given(GRAPHS, st.integers(0, 13))
def test_an_added_fact_changes_the_hash(raw_triples: list[ox.Triple], at: int) -> None:
    extra = ox.Triple(ox.NamedNode(EX + "a"), ox.NamedNode(EX + "r"), ox.Literal(f"new {at}"))
    assert KnowledgeGraph([*raw_triples, extra]) != KnowledgeGraph(raw_triples)


@pytest.mark.parametrize(
    ("turtle", "count"),
    [
        (":A :sub [ a owl:Restriction ; :r 1 ] . :B :sub [ a owl:Restriction ; :r 1 ] .", 6),
        (":A :of (:x :y) . :B :of (:x :y) .", 10),
        (":A :of (:x :y) , (:x :y) .", 10),
        (":a :p [ :q 1 ] , [ :q 1 ] .", 4),
        (":a :p [ ] , [ ] , [ ] , [ ] , [ ] .", 5),
        ("[] a :Petal . [] a :Petal .", 2),
        (":a :p [ :q [ :r 1 ] ] , [ :q [ :r 1 ] ] .", 6),
        ("[] a owl:Axiom ; :of :a . [] a owl:Axiom ; :of :a .", 4),
        ("_:x :p _:y . _:y :p _:x . _:u :p _:v . _:v :p _:u .", 4),
    ],
)
def test_what_says_the_same_stays_as_often_as_it_is_said(turtle: str, count: int) -> None:
    assert len(canonical_triples(triples(turtle))) == count


def test_a_shared_node_is_not_two_equal_ones() -> None:
    shared = KnowledgeGraph(triples(":A :sub _:r . :B :sub _:r . _:r :some :D ."))
    apart = KnowledgeGraph(triples(":A :sub [ :some :D ] . :B :sub [ :some :D ] ."))
    assert (len(shared), len(apart)) == (3, 4)


def test_one_node_less_of_equal_ones_takes_one_name_away() -> None:
    five, four = (
        {str(t.object) for t in canonical_triples(triples(f":a :p {petals} .")).values()}
        for petals in (", ".join(["[ ]"] * 5), ", ".join(["[ ]"] * 4))
    )
    assert len(five) == 5
    assert four < five


def test_anonymous_individuals_of_two_subjects_stay_two() -> None:
    vases = ":vase1 :production [ :in 1760 ] . :vase2 :production [ :in 1760 ] ."
    assert len(canonical_triples(triples(vases))) == 4


def test_what_refers_to_a_child_keeps_parents_apart() -> None:
    parents = ":a :p _:m , _:n . _:m :q _:x . _:n :q _:y . :b :r _:x . :c :s _:y ."
    assert len(canonical_triples(triples(parents))) == 6


def test_nodes_below_two_levels_change_the_name_above() -> None:
    one, two = (canonical_triples(triples(f":a :p [ :q [ :r {n} ] ] .")) for n in (1, 2))
    assert {t.object for t in one.values()}.isdisjoint(t.object for t in two.values())


def test_a_name_does_not_depend_on_the_rest_of_the_graph() -> None:
    fact = ":a :p [ :q [ :r 1 ] ] ."
    alone = canonical_triples(triples(fact))
    among = canonical_triples(triples(fact + ":b :p [ :q [ :r 1 ; :s [ :t 2 ] ] ] ."))
    assert set(alone) < set(among)


def test_cycles_with_a_mark_are_told_apart() -> None:
    near = ":a :p _:x . _:x :p _:y . _:y :p _:z . _:z :p _:x . _:y :mark 1 ."
    far = ":a :p _:x . _:x :p _:y . _:y :p _:z . _:z :p _:x . _:z :mark 1 ."
    assert len(canonical_triples(triples(near))) == 5
    assert canonical_triples(triples(near)) != canonical_triples(triples(far))


def test_a_long_list_needs_no_recursion() -> None:
    members = " ".join(f":x{n}" for n in range(5000))
    assert len(canonical_triples(triples(f":a :of ({members}) ."))) == 10_001


def test_cycles_too_long_to_tell_apart_are_refused() -> None:
    size = 2000
    cycle = "".join(f"_:n{n} :p _:n{(n + 1) % size} ." for n in range(size))
    with pytest.raises(OntologyError, match="2000 blank nodes form cycles"):
        canonical_triples(triples(cycle + "_:n0 :mark 1 ."))
