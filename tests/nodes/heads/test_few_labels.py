"""What few labels may choose: settings that are fixed, and the range of a small graph."""

from __future__ import annotations

import numpy as np

from kgtransfer.nodes.heads.few_labels import choose_range, fixed_settings, prior_alone
from kgtransfer.nodes.heads.head import best_prior

RNG = np.random.default_rng(0)
LABELS = np.repeat(np.arange(3), 30)
CLEAR = (np.eye(3)[LABELS] + RNG.normal(0, 0.2, (90, 3))).astype(np.float32)
NOISE = RNG.normal(0, 0.5, (90, 3)).astype(np.float32)
TRAIN = RNG.permutation(90)[:15]


def test_settings_are_fixed_by_what_there_is() -> None:
    gates = [
        dict(fixed_settings(dict.fromkeys(names, NOISE)).gates)
        for names in (
            ["own", "propagated .1", "structure"],
            ["structure", "place"],
            ["two hops", "four hops"],
            ["columns", "words", "text", "together"],
            ["words", "words propagated .1", "structure"],
            ["columns", "text", "columns two hops", "text two hops"],
        )
    ]
    assert gates == [
        {"propagated .1": 1.0},
        {"structure": 1.0},
        {"two hops": 1.0},
        {"columns": 1.0, "text": 1.0},
        {"words propagated .1": 1.0},
        {"columns two hops": 1.0, "text two hops": 1.0},
    ]


def test_another_range_stands_for_two_hops_only_where_held_out_labels_gain() -> None:
    alike = {"two hops": CLEAR, "four hops": CLEAR * 1.0}
    assert [*choose_range(alike, LABELS, TRAIN, 3, seed=0).gates] == ["two hops"]
    better = {"two hops": NOISE, "four hops": CLEAR}
    assert [*choose_range(better, LABELS, TRAIN, 3, seed=0).gates] == ["four hops"]


def test_the_range_does_not_depend_on_labels_outside_of_training() -> None:
    blocks = {"two hops": NOISE, "four hops": CLEAR}
    other = LABELS.copy()
    other[np.setdiff1d(np.arange(90), TRAIN)] = 0
    one, two = (choose_range(blocks, y, TRAIN, 3, seed=0) for y in (LABELS, other))
    assert one == two


def test_with_one_label_a_class_linear_is_what_is_left() -> None:
    lone = np.array([0, 30, 60])
    blocks = {"two hops": NOISE, "four hops": CLEAR}
    assert [*choose_range(blocks, LABELS, lone, 3, seed=0).gates] == ["two hops"]


def test_the_prior_that_labels_speak_for_is_chosen_and_decides_alone() -> None:
    right, wrong = np.eye(3, dtype=np.float32)[LABELS], np.eye(3, dtype=np.float32)[LABELS - 1]
    chosen = best_prior({"wrong": wrong, "right": right}, LABELS, TRAIN)
    assert chosen is right
    assert best_prior({"wrong": wrong, "worse": 2 * wrong}, LABELS, TRAIN) is wrong  # neither: 0
    assert best_prior({}, LABELS, TRAIN) is None
    logits = prior_alone(3, 0.7).logits({}, right)
    assert (logits.argmax(axis=1) == LABELS).all()
