"""Several sources of grounding as one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from kgtransfer.errors import ConfigError
from kgtransfer.grounding.combined import CombinedSource, combined, parts_of
from kgtransfer.grounding.measured import MeasuredGrounder
from kgtransfer.knowledge.io.ontology import read_ontology

E = "http://example.org/fruit#"
TURTLE = f"""
@prefix : <{E}> .
@prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:size kgt:unit "1" ; kgt:lowEnd 0.0 ; kgt:highEnd 1.0 .
:Size rdfs:subClassOf kgt:Attribute .
:Large rdfs:subClassOf :Size ; kgt:measuredBy :size ; kgt:threshold 0.5 ; kgt:softness 0.1 .
:Small rdfs:subClassOf :Size ; kgt:measuredBy :size ; kgt:threshold 0.5 ; kgt:softness -0.1 .
:Tint rdfs:subClassOf kgt:Attribute .
:Red rdfs:subClassOf :Tint ; rdfs:label "red" ;
    kgt:measuredBy :red ; kgt:threshold 0.5 ; kgt:softness 0.1 .
:Green rdfs:subClassOf :Tint ; kgt:measuredBy :red ; kgt:threshold 0.5 ; kgt:softness -0.1 .
:Fruit rdfs:label "fruit" .
:Cherry rdfs:subClassOf :Fruit ; kgt:usual :Small , :Red .
:Melon rdfs:subClassOf :Fruit ; kgt:usual :Large , :Green .
"""
CLASSES = (E + "Cherry", E + "Melon")
VALUES = np.random.default_rng(0).random((12, 2))


class _Columns:
    """Rows of numbers, of which some are measures."""

    def __init__(self, *names: str, code: bytes = b"code") -> None:
        self.measures, self.code = tuple(E + name for name in names), code
        self._columns = [("size", "red").index(name) for name in names]

    def measure(self, samples: Sequence[np.ndarray]) -> np.ndarray:
        return np.stack(list(samples))[:, self._columns]


Fruit = MeasuredGrounder[np.ndarray]


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Fruit, Fruit, Fruit]:
    """What measures sizes, tints, and both."""
    (tmp_path / "fruit.ttl").write_text(TURTLE)
    graph = read_ontology(tmp_path / "fruit.ttl")
    with pytest.warns(UserWarning, match="nothing computes"):
        size, red = (MeasuredGrounder(graph, _Columns(name)) for name in ("size", "red"))
    return size, red, MeasuredGrounder(graph, _Columns("size", "red"))


def test_sources_side_by_side_are_as_one_that_reads_all(pair: tuple[Fruit, Fruit, Fruit]) -> None:
    size, red, both = pair
    source, samples = combined([size, red]), list(VALUES)
    readings = source.read(samples)
    assert (readings == both.read(samples)).all()
    assert (source.width, source.relations) == (2, both.relations)
    assert source.usual(readings) == both.usual(readings) != {}
    usual = both.usual(readings)
    seen, expected = source.observed(readings, usual), both.observed(readings, usual)
    assert seen.values == expected.values
    for attribute, weights in expected.weights.items():
        assert (seen.weights[attribute] == weights).all()
    for attribute, (values, table) in both.tables(CLASSES).items():
        assert source.tables(CLASSES)[attribute][0] == values
        assert (source.tables(CLASSES)[attribute][1] == table).all()
    assert (source.numbers(readings) * source.scale == readings).all()
    assert source.evidence(readings[:1], usual) == both.evidence(readings[:1], usual)
    assert (source.label(E + "Red"), source.label(E + "Fruit")) == ("red", "fruit")


def test_of_an_attribute_that_two_ground_both_speak(pair: tuple[Fruit, Fruit, Fruit]) -> None:
    size, _, _ = pair
    doubled = MeasuredGrounder(size.graph, _Doubled())
    twice = combined([size, doubled])
    readings = twice.read([np.array([0.4, 0.0])])
    large = twice.observed(readings, {}).weights[E + "Size"][0, 0]
    each = [part.observed(part.read([np.array([0.4, 0.0])]), {}) for part in (size, doubled)]
    assert large == pytest.approx(np.mean([of.weights[E + "Size"][0, 0] for of in each]))
    assert 0.4 < large < 0.9  # .27 and .95
    by = twice.observed(readings, {f"weights of {E}Size": (0.0, 1.0)})
    assert by.weights[E + "Size"][0, 0] == pytest.approx(each[1].weights[E + "Size"][0, 0])


def test_a_source_that_agrees_with_other_attributes_is_believed(
    pair: tuple[Fruit, Fruit, Fruit],
) -> None:
    size, _, both = pair
    with pytest.warns(UserWarning, match="nothing computes"):
        wrong = MeasuredGrounder(size.graph, _Opposite("size"))
    source = combined([both, wrong])
    cherries = np.arange(200) % 2 == 0  # small and red; melons are large and green
    samples = list(np.where(cherries[:, None], [0.1, 0.9], [0.9, 0.1]))
    usual = source.usual(source.read(samples))
    right, opposite = usual[f"weights of {E}Size"]
    assert right > 0.8
    assert right + opposite == pytest.approx(1)
    assert list(usual) == [*both.usual(both.read(samples)), f"weights of {E}Size"]
    scores = source.observed(source.read(samples), usual).weights[E + "Size"]
    assert (scores.argmax(axis=1) == cherries).all()  # values are sorted: large, small


class _Opposite(_Columns):
    def measure(self, samples: Sequence[np.ndarray]) -> np.ndarray:
        return 1 - super().measure(samples)


def test_what_two_read_with_one_model_counts_once(pair: tuple[Fruit, Fruit, Fruit]) -> None:
    _, _, both = pair
    modelled = [MeasuredGrounder(both.graph, both.measurer) for _ in range(2)]
    for part in modelled:
        vars(part)["model"] = "of a model"
    source = combined(modelled)
    readings = source.read(list(VALUES))
    assert readings.shape == (12, 4)
    assert (source.numbers(readings) == VALUES).all()
    assert np.shape(source.scale) == (2,)


class _Doubled(_Columns):
    def __init__(self) -> None:
        super().__init__("size", "red")

    def measure(self, samples: Sequence[np.ndarray]) -> np.ndarray:
        return 2 * super().measure(samples)


def test_one_source_stays_itself_and_none_is_refused(pair: tuple[Fruit, Fruit, Fruit]) -> None:
    size, red, both = pair
    assert combined(both) is both
    assert combined([both]) is both
    assert parts_of(both) == (both,)
    assert parts_of(combined([size, red])) == (size, red)
    with pytest.raises(ConfigError, match="grounded by nothing"):
        combined([])


def test_sources_of_two_ontologies_are_refused(
    pair: tuple[Fruit, Fruit, Fruit], tmp_path: Path
) -> None:
    (tmp_path / "other.ttl").write_text(TURTLE + ":Plum rdfs:subClassOf :Fruit .")
    other = MeasuredGrounder(read_ontology(tmp_path / "other.ttl"), _Columns("size", "red"))
    with pytest.raises(ConfigError, match="of different ontologies"):
        combined([pair[0], other])


def test_what_one_part_cannot_vouch_for_is_not_kept(pair: tuple[Fruit, Fruit, Fruit]) -> None:
    size, red, _ = pair
    assert len(CombinedSource((size, red)).code) == 32
    careless = MeasuredGrounder(size.graph, _Columns("size", "red", code=b""))
    assert CombinedSource((size, careless)).code == b""
