from __future__ import annotations

import random

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.canonical import canonical_triples
from kgtransfer.knowledge.graph import KnowledgeGraph

EX = "http://example.org/"
HEAD = f"@prefix : <{EX}> . @prefix owl: <http://www.w3.org/2002/07/owl#> ."


def triples(turtle: str) -> list[ox.Triple]:
    parser = ox.parse(input=HEAD + turtle, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    return [quad.triple for quad in parser]


def renamed(found: list[ox.Triple], seed: int) -> list[ox.Triple]:
    """The same triples in another order with other blank-node names."""
    names: dict[str, ox.BlankNode] = {}

    def other(term: object) -> object:
        if isinstance(term, ox.BlankNode):
            return names.setdefault(term.value, ox.BlankNode())
        return term

    copy = [ox.Triple(other(t.subject), t.predicate, other(t.object)) for t in found]
    random.Random(seed).shuffle(copy)
    return copy


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
GRAPHS = st.lists(
    st.builds(ox.Triple, NAMED | BLANK, PREDICATE, NAMED | BLANK | LITERAL), max_size=14
)


@given(GRAPHS, st.integers(0, 1000))
def test_order_and_blank_names_change_nothing(found: list[ox.Triple], seed: int) -> None:
    graph = KnowledgeGraph(found, {"ex": EX})
    other = KnowledgeGraph(renamed(found, seed), {"sample": EX})
    assert other.triples == graph.triples
    assert other.hash == graph.hash
    assert other.rows == graph.rows
    assert other.edges.tolist() == graph.edges.tolist()
    assert other == graph


@given(GRAPHS)
def test_naming_what_is_named_changes_nothing(found: list[ox.Triple]) -> None:
    once = canonical_triples(found)
    assert canonical_triples(once.values()) == once


@given(GRAPHS, GRAPHS)
def test_graphs_read_apart_or_together_are_the_same(
    left: list[ox.Triple], right: list[ox.Triple]
) -> None:
    apart = KnowledgeGraph(renamed(left, 0)) | KnowledgeGraph(renamed(right, 1))
    together = KnowledgeGraph([*renamed(left, 2), *renamed(right, 3)])
    assert apart.hash == together.hash


@given(GRAPHS, st.integers(0, 13))
def test_an_added_fact_changes_the_hash(found: list[ox.Triple], at: int) -> None:
    extra = ox.Triple(ox.NamedNode(EX + "a"), ox.NamedNode(EX + "r"), ox.Literal(f"new {at}"))
    assert KnowledgeGraph([*found, extra]) != KnowledgeGraph(found)


def test_equal_class_expressions_are_one_node() -> None:
    restriction = "[ a owl:Restriction ; owl:onProperty :r ; owl:someValuesFrom :D ]"
    shared = f":A :sub {restriction} . :B :sub {restriction} ."
    assert len(canonical_triples(triples(shared))) == 2 + 3


def test_lists_are_values_too() -> None:
    assert len(canonical_triples(triples(":A :of (:x :y) . :B :of (:x :y) ."))) == 2 + 4


def test_anonymous_individuals_of_two_subjects_stay_two() -> None:
    vases = ":vase1 :production [ :in 1760 ] . :vase2 :production [ :in 1760 ] ."
    assert len(canonical_triples(triples(vases))) == 4


def test_repeated_anonymous_individuals_of_one_subject_merge() -> None:
    assert len(canonical_triples(triples(":a :p [ :q 1 ] , [ :q 1 ] ."))) == 2


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
