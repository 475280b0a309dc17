from __future__ import annotations

from collections.abc import Callable

import pytest

from kgtransfer.knowledge.check.quantities import measure_range, ordinary_range, unreadable
from kgtransfer.knowledge.graph import KnowledgeGraph

EX = "http://example.org/"
Read = Callable[[str], KnowledgeGraph]
FACT = """:Pea rdfs:label "pea" ; kgt:usual :length . :length rdfs:label "length" .
[] a owl:Axiom ; owl:annotatedSource :Pea ; owl:annotatedProperty kgt:usual ;
    owl:annotatedTarget :length ; {} ."""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (":a kgt:threshold 0,97 .", "a: kgt:threshold has 2 values: 0, 97"),
        (":a kgt:softness 0,1 .", "a: kgt:softness has 2 values: 0, 1"),
        (":a kgt:lowEnd 1,5 .", "a: kgt:lowEnd has 2 values: 1, 5"),
        (":a kgt:highEnd 1,5 .", "a: kgt:highEnd has 2 values: 1, 5"),
        (":a kgt:weight 1,5 .", "a: kgt:weight has 2 values: 1, 5"),
        (":a kgt:probability 0,9 .", "a: kgt:probability has 2 values: 0, 9"),
        (':a kgt:unit "um", "mm" .', 'a: kgt:unit has 2 values: "mm", "um"'),
        (":a kgt:measuredBy :m, :n .", "a: kgt:measuredBy has 2 values: :m, :n"),
        (
            FACT.format("kgt:minimum 1,5"),
            "pea: kgt:minimum has 2 values: 1, 5, on the annotation of: usual length",
        ),
        (
            FACT.format('kgt:frequency "usual"'),
            'pea: kgt:frequency leads to a text: "usual", on the annotation of: usual length',
        ),
    ],
)
def test_two_values_are_a_violation_at_the_concept(turtle: Read, text: str, message: str) -> None:
    graph = turtle(text)
    findings = [f for f in unreadable(graph) if "below 1" not in f.message]
    assert [(f"{f.label}: {f.message}", f.severity) for f in findings] == [(message, "violation")]


def test_two_annotations_of_a_fact_count_together(turtle: Read) -> None:
    twice = FACT.format("kgt:minimum 1") + FACT.format("kgt:minimum 2")
    (findings,) = unreadable(turtle(twice))
    assert findings.message.startswith("kgt:minimum has 2 values: 1, 2")
    assert not list(unreadable(turtle(FACT.format("kgt:minimum 1") * 2)))


@pytest.mark.parametrize("probability", ["0", "1.0", "2", "-0.5"])
def test_a_probability_is_above_0_and_below_1(turtle: Read, probability: str) -> None:
    (findings,) = unreadable(turtle(f":often a kgt:Frequency ; kgt:probability {probability} ."))
    assert findings.message.startswith("a probability must be above 0 and below 1")


def test_what_is_sound_is_left_alone(turtle: Read) -> None:
    assert not list(unreadable(turtle(":a kgt:threshold 0.5 ; kgt:measuredBy :m .")))


def test_ranges_of_a_measure(turtle: Read) -> None:
    graph = turtle(":m kgt:minimum 0 ; kgt:lowEnd 1 ; kgt:highEnd 2 . :n kgt:minimum 1,2 .")
    assert measure_range(graph, EX + "m") == (0, None)
    assert ordinary_range(graph, EX + "m") == (1, 2)
    assert measure_range(graph, EX + "n") == (None, None)
