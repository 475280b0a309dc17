"""The arms of code search, as data."""

from __future__ import annotations

import pytest

from kgtransfer.code.arms import HEADLINE, method_of, search_arms
from kgtransfer.code.methods import SearchMethod
from kgtransfer.errors import ConfigError
from kgtransfer.experiments.arms import Arm

ARMS = {arm.name: arm for arm in search_arms([20, 100])}


def test_roles_say_what_uses_the_graph() -> None:
    roles = {name: arm.role for name, arm in ARMS.items()}
    assert roles == {
        "bm25": "plain",
        "none": "plain",
        "baseline": "plain",
        "adapted": "plain",
        "kg_fixed": "knowledge",
        "queries": "knowledge",
        "kg": "knowledge",
        "shuffled": "placebo",
        "kg_vectors": "knowledge",
        "labels_20": "labels",
        "labels_100": "labels",
        "kg_structure": "knowledge",
        "kg_both": "knowledge",
        "kg_random": "knowledge",
    }


def test_the_headline_is_set_against_the_baseline_first() -> None:
    others = ARMS[HEADLINE].compare_to
    assert others[:3] == ("baseline", "none", "shuffled")
    assert set(others) <= ARMS.keys()


def test_few_label_arms_are_points_of_the_curve_of_the_plain_encoder() -> None:
    arm = ARMS["labels_20"]
    assert (arm.labels, arm.compare_to) == (20, ("none",))
    assert method_of(arm) == SearchMethod(train_on="labels", labels=20, chosen=True)


def test_sources_of_vectors_have_a_figure_of_their_own_and_run_once() -> None:
    own = {name for name, arm in ARMS.items() if arm.panel}
    assert own == {"kg_structure", "kg_both", "kg_random"}
    assert own == {name for name, arm in ARMS.items() if not method_of(arm).every_setting}


def test_only_what_is_trained_or_drawn_has_seeds() -> None:
    assert {name for name, arm in ARMS.items() if not arm.is_seeded} == {"bm25", "none"}


def test_an_arm_without_a_method_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="arm mine has no method"):
        method_of(Arm("mine"))
