from __future__ import annotations

from collections.abc import Callable

import pytest

from kgtransfer.knowledge.check.plausibility import implausible
from kgtransfer.knowledge.graph import KnowledgeGraph

Read = Callable[[str], KnowledgeGraph]
SIZES = """
:Size rdfs:subClassOf kgt:Attribute .
:size a kgt:Measure ; rdfs:label "size" ; kgt:minimum 0 ; kgt:maximum 10 .
:Big rdfs:subClassOf :Size ; rdfs:label "big" ; kgt:measuredBy :size ; {big} .
:Small rdfs:subClassOf :Size ; rdfs:label "small" ; kgt:measuredBy :size ; {small} .
"""
BIG, SMALL = "kgt:threshold 5 ; kgt:softness 0.5", "kgt:threshold 5 ; kgt:softness -0.5"
MIDDLE = ":Middle rdfs:subClassOf :Size ."
FACT = """:Pea rdfs:label "pea" ; kgt:usual :size .
[] a owl:Axiom ; owl:annotatedSource :Pea ; owl:annotatedProperty kgt:usual ;
    owl:annotatedTarget :size ; {} ."""


def findings(graph: KnowledgeGraph) -> list[tuple[str, str, str]]:
    return [(f.severity, f.label, f.message) for f in implausible(graph)]


def sizes(big: str = BIG, small: str = SMALL, more: str = "") -> str:
    return SIZES.format(big=big, small=small) + more


@pytest.mark.parametrize(
    "more",
    [
        "",
        ":Huge rdfs:subClassOf :Big ; kgt:measuredBy :size ; kgt:threshold 8 ; kgt:softness 1 .",
        FACT.format("kgt:minimum 0 ; kgt:maximum 10"),
        FACT.format("kgt:maximum 10"),
        ":odd kgt:lowEnd -1 ; kgt:highEnd 1 .",
    ],
)
def test_what_is_sound_is_left_alone(turtle: Read, more: str) -> None:
    assert findings(turtle(sizes(more=more))) == []


def test_a_soft_border_is_no_gap(turtle: Read) -> None:
    assert findings(turtle(sizes(BIG.replace("5", "5.2", 1)))) == []
    assert findings(turtle(sizes(BIG.replace("5", "4.8", 1)))) == []


@pytest.mark.parametrize(
    ("big", "message"),
    [
        ("kgt:threshold 50 ; kgt:softness 1", "at 50, outside the range of size: 0 to 10"),
        ("kgt:threshold -5 ; kgt:softness 1", "at -5, outside the range of size: 0 to 10"),
        ("kgt:minimum 5 ; kgt:maximum 50 ; kgt:softness 1", "at 50, outside the range of size"),
        ("kgt:threshold 5 ; kgt:softness 50", "a softness of 50 leaves no sample that clearly"),
        ("kgt:minimum 5 ; kgt:maximum 6 ; kgt:softness 1", "there is room for 1"),
        ("kgt:threshold 5 ; kgt:softness 0", "a softness is 0"),
        ("kgt:minimum 5 ; kgt:softness -1", "between two ends has a negative softness"),
    ],
)
def test_a_number_that_cannot_be_meant(turtle: Read, big: str, message: str) -> None:
    ((severity, label, text),) = findings(turtle(sizes(big, more=MIDDLE)))
    assert (severity, label) == ("violation", "big")
    assert message in text


def test_a_threshold_far_from_what_is_ordinary_is_doubtful(turtle: Read) -> None:
    graph = turtle(""":size a kgt:Measure ; kgt:minimum 0 ; kgt:lowEnd 0.4 ; kgt:highEnd 0.6 .
        :A kgt:measuredBy :size ; kgt:threshold 46 ; kgt:softness 0.01 .
        :B kgt:measuredBy :size ; kgt:threshold 0.7 ; kgt:softness 0.01 .""")
    ((severity, label, text),) = findings(graph)
    assert (severity, label) == ("warning", "A")
    assert "at 46, where hardly any sample lies: ordinary ones have a size of 0.4 to 0.6" in text


def test_the_room_for_a_softness_of_a_measure_with_one_end(turtle: Read) -> None:
    one_end = sizes().replace("kgt:minimum 0 ; kgt:maximum 10", "kgt:minimum 0")
    assert findings(turtle(one_end)) == []
    assert "room for 5" in findings(turtle(one_end.replace("0.5", "50")))[0][2]


@pytest.mark.parametrize(
    ("big", "small", "label", "message", "cure"),
    [
        (BIG.replace("0.5", "-0.5"), SMALL, "small", "overlaps big: with a size of 5", "sign"),
        (BIG, SMALL.replace("-0.5", "0.5"), "small", "overlaps big: with a size of 5", "sign"),
        (BIG.replace("5", "2", 1), SMALL, "big", "overlaps small: with a size of 2 to 5", "let"),
        (BIG.replace("5", "8", 1), SMALL, "big", "gap to small: with a size of 5 to 8", "let"),
        (BIG, SMALL.replace("5", "2", 1), "big", "gap to small: with a size of 2 to 5", "let"),
    ],
)
def test_opposites_fit_each_other(
    turtle: Read, big: str, small: str, label: str, message: str, cure: str
) -> None:
    (finding,) = implausible(turtle(sizes(big, small)))
    # A sign is a slip; where two thresholds lie is a matter of judgement.
    severity = "violation" if cure == "sign" else "warning"
    assert (finding.severity, finding.label) == (severity, label)
    assert message in finding.message
    assert cure in finding.cure


def test_another_value_may_fill_a_gap(turtle: Read) -> None:
    apart = sizes(BIG.replace("5", "8", 1))
    assert findings(turtle(apart + MIDDLE)) == []
    between = "kgt:minimum 5 ; kgt:maximum 8 ; kgt:softness 0.5"
    filled = f":Middle rdfs:subClassOf :Size ; kgt:measuredBy :size ; {between} ."
    assert findings(turtle(apart + filled)) == []


@pytest.mark.parametrize(
    ("text", "severity", "message"),
    [
        (FACT.format('kgt:evidence "x"'), "violation", "a fact about a measure has no range: size"),
        (FACT.format("kgt:minimum 5 ; kgt:maximum 4"), "violation", "minimum is not below its"),
        (FACT.format("kgt:maximum 40"), "violation", "a fact has 40, outside the range of size"),
        (
            FACT.replace(":size", ":Big").format("kgt:maximum 4"),
            "warning",
            "big has a range and is no measure",
        ),
    ],
)
def test_facts_about_measures(turtle: Read, text: str, severity: str, message: str) -> None:
    ((kind, label, explanation),) = findings(turtle(sizes(more=text)))
    assert (kind, label) == (severity, "pea")
    assert message in explanation


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (":m kgt:minimum 2 ; kgt:maximum 1 .", "a minimum is not below its maximum: 2, 1"),
        (":m kgt:lowEnd 2 ; kgt:highEnd 2 .", "a low end is not below its high end: 2, 2"),
        (":m kgt:lowEnd 2 .", "a measure has one end only"),
    ],
)
def test_ends_in_the_wrong_order(turtle: Read, text: str, message: str) -> None:
    assert findings(turtle(text)) == [("violation", "m", message)]
