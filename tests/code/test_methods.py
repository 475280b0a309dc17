"""Which candidate the baseline is, and what stands on it."""

from __future__ import annotations

from dataclasses import replace

from kgtransfer.code.arms import method_of, search_arms
from kgtransfer.code.methods import CANDIDATES, CHOSEN, JUDGED, SearchMethod, strongest

ARMS = {arm.name: arm for arm in search_arms([20])}
READ = CANDIDATES["zero_shot_words_lines"]


def test_the_candidate_that_loses_least_on_held_out_queries_is_the_strongest() -> None:
    choice = strongest(dict(zip(JUDGED, (0.5, 0.6, 0.4, 0.7), strict=True)))
    assert (choice.name, choice.by) == ("zero_shot_words", "held-out queries")
    assert choice.losses["adapted_words_lines"] == 0.6


def test_where_nothing_is_held_out_a_rule_chooses() -> None:
    choice = strongest({})
    assert (choice.name, choice.by, dict(choice.losses)) == ("adapted_words", "rule", {})


def test_the_baseline_is_the_candidate_itself() -> None:
    assert all(CHOSEN.over(candidate) == candidate for candidate in CANDIDATES.values())


def test_knowledge_comes_on_top_of_the_candidate_part_for_part() -> None:
    kg = method_of(ARMS["kg"])
    without = {"gates_trained_on": "", "gates": {}, "context": 0.0, "graph_queries": 0.0}
    assert replace(kg.over(READ), **without) == READ
    assert kg.over(READ).context == "learned"


def test_labels_take_the_place_of_queries_by_rule() -> None:
    method = method_of(ARMS["labels_20"]).over(CANDIDATES["adapted_words"])
    assert method == SearchMethod(train_on="labels", labels=20, lexical=0.2)


def test_the_placebo_has_queries_of_its_own() -> None:
    sources = {name: method_of(ARMS[name]).graph_source for name in ("kg", "shuffled")}
    assert sources == {"kg": "graph", "shuffled": "shuffled graph"}
