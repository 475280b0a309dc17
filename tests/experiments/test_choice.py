from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.experiments.choice import Choice, chosen, folds_of


def test_the_candidate_that_loses_least_on_held_out_samples_is_chosen() -> None:
    folds = [([0, 1], [2]), ([2], [0, 1])]
    losses = {
        "even": lambda fold: np.full(len(fold[1]), 0.5),
        "good": lambda fold: np.full(len(fold[1]), 0.3 * len(fold[1])),  # .3, and .6 twice: .5
        "best": lambda fold: np.full(len(fold[1]), 0.4),
    }
    choice = chosen(losses, folds)
    assert (choice.name, choice.by) == ("best", "cross-validation")
    assert {name: round(loss, 6) for name, loss in choice.losses.items()} == {
        "even": 0.5,
        "good": 0.5,
        "best": 0.4,
    }


def test_the_first_is_taken_by_rule_where_nothing_can_be_held_out() -> None:
    losses = {"first": lambda fold: np.ones(len(fold[1])), "other": lambda fold: np.zeros(1)}
    assert chosen(losses, []) == Choice("first", "rule", {})
    assert folds_of(3, strata=[0, 1, 2]) == []
    assert folds_of(1) == []


def test_a_class_with_one_sample_forbids_no_folds_and_is_scored_in_none() -> None:
    folds = folds_of(5, strata=[0, 0, 1, 1, 2])
    assert sorted(row for _, scored in folds for row in scored) == [0, 1, 2, 3]
    assert len(folds) == 2


def test_nothing_is_held_out_where_each_class_is_one_group() -> None:
    assert folds_of(6, strata=[0, 0, 0, 1, 1, 1], groups=["a"] * 3 + ["b"] * 3) == []
    folds = folds_of(6, strata=[0, 0, 0, 1, 1, 1], groups=["a"] * 3 + ["b", "c", "c"])
    assert sorted(row for _, scored in folds for row in scored) == [3, 4, 5]


def test_a_rare_class_takes_no_labels_from_the_others() -> None:
    folds = folds_of(12, strata=[0] * 10 + [1, 1])
    assert [len(scored) for _, scored in folds] == [3, 3, 2, 2, 2]
    assert all({10, 11} & set(fitted) for fitted, _ in folds)


@given(st.data())
def test_what_can_be_answered_is_held_out_once_and_groups_stay_whole(data: st.DataObject) -> None:
    groups = data.draw(st.lists(st.sampled_from("abcdef"), min_size=2, max_size=30))
    strata = data.draw(
        st.just([]) | st.lists(st.integers(0, 2), min_size=len(groups), max_size=len(groups))
    )
    folds = folds_of(len(groups), strata=strata, groups=groups, seed=data.draw(st.integers(0, 9)))
    held = [row for _, scored in folds for row in scored]
    assert len(held) == len({*held})
    for fitted, scored in folds:
        assert scored
        assert not {groups[row] for row in fitted} & {groups[row] for row in scored}
        lacking = {*range(len(groups))} - {*fitted, *scored}
        if not strata:
            assert not lacking
        else:
            known = {strata[row] for row in fitted}
            assert {strata[row] for row in scored} <= known
            assert not {strata[row] for row in lacking} & known
