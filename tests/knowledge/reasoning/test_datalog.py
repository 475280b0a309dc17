from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kgtransfer.knowledge.reasoning.datalog import MAX_TERMS, Rule, closure

EDGE, PATH, SAME, LIKE = 100, 101, 102, 103
TRANSITIVE = [
    Rule([("?x", EDGE, "?y")], [("?x", PATH, "?y")]),
    Rule([("?x", PATH, "?y"), ("?y", PATH, "?z")], [("?x", PATH, "?z")]),
]
edges = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12)


def derived(facts: list[tuple[int, int, int]], rules: list[Rule]) -> set[tuple[int, ...]]:
    table = np.array(facts, dtype=np.int64).reshape(-1, 3)
    return {tuple(row) for row in closure(table, rules, reflexive=SAME).tolist()}


@settings(max_examples=25)
@given(edges)
def test_paths_are_what_a_search_finds(pairs: list[tuple[int, int]]) -> None:
    reached = set(pairs)
    while joined := {(a, d) for a, b in reached for c, d in reached if b == c} - reached:
        reached |= joined
    facts = {(a, EDGE, b) for a, b in pairs}
    assert derived(sorted(facts), TRANSITIVE) == facts | {(a, PATH, b) for a, b in reached}


def test_a_predicate_may_be_a_variable_and_a_head_have_several_atoms() -> None:
    rules = [Rule([("?p", LIKE, "?q"), ("?x", "?p", "?y")], [("?x", "?q", "?y"), ("?q", LIKE, 9)])]
    facts = [(EDGE, LIKE, PATH), (1, EDGE, 2)]
    assert derived(facts, rules) == {*facts, (1, PATH, 2), (PATH, LIKE, 9), (1, 9, 2), (9, LIKE, 9)}


def test_what_joins_a_term_to_itself_is_left_out() -> None:
    rules = [Rule([("?x", SAME, "?y")], [("?y", SAME, "?x"), ("?x", SAME, "?x")])]
    assert derived([(1, SAME, 2)], rules) == {(1, SAME, 2), (2, SAME, 1)}


def test_the_largest_number_fits() -> None:
    last = MAX_TERMS - 1
    rules = [Rule([("?x", last, "?y")], [("?y", last, "?x")])]
    assert derived([(last, last, 0)], rules) == {(last, last, 0), (0, last, last)}


def test_of_nothing_follows_nothing() -> None:
    assert derived([], TRANSITIVE) == set()
