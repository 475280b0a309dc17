"""Arms as data."""

from __future__ import annotations

import json
from typing import Any

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


@pytest.mark.parametrize(
    ("name", "role", "compare_to", "complaint"),
    [
        ("kg", "knowlege", (), "no role 'knowlege'"),
        ("kg", "knowledge", "none", "compare_to is no tuple"),
        ("kg", "knowledge", ("kg",), "compare_to is no tuple of other arms' names"),
        ("", "plain", (), "is no name of an arm"),
        ("k\0g", "plain", (), "is no name of an arm"),
    ],
)
def test_what_is_no_arm_is_refused_when_it_is_made(
    name: str, role: Any, compare_to: Any, complaint: str
) -> None:
    with pytest.raises(ConfigError, match=complaint):
        Arm(name, role, compare_to=compare_to)


def test_an_arm_comes_back_from_json_without_its_method() -> None:
    arm = Arm("labels_5", "labels", "5 labels", ("none",), labels=5, panel="Curves", method=None)
    assert Arm.from_json("labels_5", json.loads(json.dumps(arm.to_json()))) == arm
