"""Arms as data."""

from __future__ import annotations

import json

import pytest

from kgtransfer.errors import ConfigError
from kgtransfer.experiments.arms import Arm, choose_arms, headline_of, placebo_of

ARMS = [
    Arm("none"),
    Arm("kg", "knowledge", "with the graph", ("none",)),
    Arm("baseline"),
    Arm("more", "knowledge"),
    Arm("shuffled", "placebo"),
]


def test_arms_are_chosen_by_name_in_their_own_order() -> None:
    assert [arm.name for arm in choose_arms(ARMS, [])] == [arm.name for arm in ARMS]
    chosen = choose_arms(ARMS, ["baseline"], always=["kg"])
    assert [arm.name for arm in chosen] == ["kg", "baseline"]
    with pytest.raises(ConfigError, match="no arm kgg") as raised:
        choose_arms(ARMS, ["kgg"])
    assert "arms are: none, kg, baseline" in str(raised.value)


def test_the_headline_is_the_first_arm_with_knowledge() -> None:
    assert headline_of(ARMS) is ARMS[1]
    assert headline_of(ARMS[:1]) is None
    assert placebo_of(ARMS) is ARMS[-1]


def test_an_arm_comes_back_from_json_without_its_method() -> None:
    arm = Arm("labels_5", "labels", "5 labels", ("none",), labels=5, panel="Curves", method=None)
    assert Arm.from_json("labels_5", json.loads(json.dumps(arm.to_json()))) == arm
