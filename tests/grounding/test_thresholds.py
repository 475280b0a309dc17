from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.grounding.thresholds import (
    MeasuredConcept,
    PercentileRange,
    measured_concepts,
    percentile_ranges,
)
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

E = "https://example.org/"
PREFIXES = f"@prefix e: <{E}> . @prefix kgt: <https://w3id.org/kgtransfer/ns#> .\n"


@pytest.fixture
def read(tmp_path_factory: pytest.TempPathFactory) -> object:
    def parse(turtle: str) -> KnowledgeGraph:
        file = tmp_path_factory.mktemp("rules") / "e.ttl"
        file.write_text(PREFIXES + turtle, encoding="utf-8")
        return read_ontology(file)

    return parse


def test_a_threshold_holds_upwards_or_downwards_by_the_sign_of_its_softness(read) -> None:
    graph = read("""
        e:Big kgt:measuredBy e:size ; kgt:threshold 12 ; kgt:softness 2 .
        e:Small kgt:measuredBy e:size ; kgt:threshold 12 ; kgt:softness -2 .""")
    big, small = measured_concepts(graph)
    assert big == MeasuredConcept(E + "Big", E + "size", 12, None, 2)
    assert small == MeasuredConcept(E + "Small", E + "size", None, 12, 2)
    sizes = np.array([12.0, 14.0, np.nan])
    assert big.weights(sizes)[:2] == pytest.approx([0.5, 0.7310586])
    assert small.weights(sizes)[:2] == pytest.approx([0.5, 0.2689414])
    assert np.isnan(big.weights(sizes)[2])


def test_a_range_is_the_product_of_its_two_ends(read) -> None:
    graph = read(
        "e:Two kgt:measuredBy e:lobes ; kgt:minimum 1.5 ; kgt:maximum 2.5 ; kgt:softness 0.2 ."
    )
    (two,) = measured_concepts(graph)
    assert two.weights(np.array([1.5, 2.0, 3.0])) == pytest.approx(
        [0.4966, 0.8540, 0.0758], abs=1e-4
    )


def test_a_range_may_be_open(read) -> None:
    (up,) = measured_concepts(read("e:A kgt:measuredBy e:m ; kgt:minimum 1 ; kgt:softness 1 ."))
    assert (up.low, up.high) == (1, None)


@pytest.mark.parametrize(
    "numbers", ["kgt:threshold 1", "kgt:softness 1", "kgt:softness 0 ; kgt:threshold 1"]
)
def test_incomplete_numbers_are_named(read, numbers: str) -> None:
    with pytest.raises(OntologyError, match="Big is measured by size, but not from where on"):
        measured_concepts(read(f"e:Big kgt:measuredBy e:size ; {numbers} ."))


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ("kgt:threshold 0,97 ; kgt:softness 1", "Big: kgt:threshold has 2 values: 0, 97"),
        ("kgt:threshold 1 ; kgt:softness 0,1", "Big: kgt:softness has 2 values: 0, 1"),
        ('kgt:threshold "1" ; kgt:softness 1', 'Big: kgt:threshold is not a number: "1"'),
        ("kgt:threshold 1 ; kgt:minimum 0 ; kgt:softness 1", "not from where on"),
        ("kgt:minimum 0 ; kgt:softness -1", "not from where on"),
        ("kgt:measuredBy e:weight ; kgt:threshold 1 ; kgt:softness 1", "e:size, e:weight"),
        ('kgt:measuredBy "size" ; kgt:threshold 1 ; kgt:softness 1', "leads to a text"),
    ],
)
def test_none_of_two_is_taken(read, numbers: str, message: str) -> None:
    with pytest.raises(OntologyError, match=message):
        measured_concepts(read(f"e:Big kgt:measuredBy e:size ; {numbers} ."))


def test_ends_are_of_measures_that_have_them(read) -> None:
    graph = read("e:m kgt:lowEnd 0.5 ; kgt:highEnd 2 . e:n kgt:minimum 1 .")
    assert percentile_ranges(graph) == {E + "m": PercentileRange(0.5, 2)}


@pytest.mark.parametrize(
    ("ends", "message"),
    [
        ("kgt:lowEnd 1", "m has no low end below a high end"),
        ("kgt:highEnd 1", "m has no low end below a high end"),
        ("kgt:lowEnd 2 ; kgt:highEnd 1", "m has no low end below a high end"),
        ("kgt:lowEnd 0,5 ; kgt:highEnd 2", "m: kgt:lowEnd has 2 values: 0, 5"),
    ],
)
def test_ends_that_are_none_are_refused(read, ends: str, message: str) -> None:
    with pytest.raises(OntologyError, match=message):
        percentile_ranges(read(f"e:m {ends} ."))
