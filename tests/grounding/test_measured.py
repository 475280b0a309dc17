from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from kgtransfer.errors import DataError, OntologyError
from kgtransfer.grounding.measured import MeasuredGrounder, Unmeasured
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

E = "https://example.org/"
FRUIT = """
@prefix e: <https://example.org/> . @prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
e:Size rdfs:subClassOf kgt:Attribute .
e:Big rdfs:subClassOf e:Size ; kgt:measuredBy e:diameter ; kgt:threshold 10 ; kgt:softness 1 .
e:Small rdfs:subClassOf e:Size ; kgt:measuredBy e:diameter ; kgt:threshold 10 ; kgt:softness -1 .
e:Odd rdfs:subClassOf e:Size .
e:Taste rdfs:subClassOf kgt:Attribute .
e:Sour rdfs:subClassOf e:Taste ; kgt:measuredBy e:acid ; kgt:threshold 1 ; kgt:softness 0.1 .
e:Sweet rdfs:subClassOf e:Taste ; kgt:measuredBy e:acid ; kgt:threshold 1 ; kgt:softness -0.1 .
"""


class Scale:
    """Fruits are given as their diameter and acid."""

    def __init__(self, *names: str) -> None:
        self.measures = tuple(E + name for name in names)

    def measure(self, samples: Sequence[tuple[float, ...]]) -> np.ndarray:
        return np.array(samples, dtype=np.float64)


@pytest.fixture
def fruit(tmp_path: Path) -> Callable[[str], KnowledgeGraph]:
    def read(more: str = "") -> KnowledgeGraph:
        (tmp_path / "fruit.ttl").write_text(FRUIT + more, encoding="utf-8")
        return read_ontology(tmp_path / "fruit.ttl")

    return read


def test_weights_are_those_of_the_ontologys_thresholds(fruit: Callable) -> None:
    grounder = MeasuredGrounder(fruit(), Scale("diameter", "acid"))
    weights = grounder.weights([(10, 1), (12, 0.5)])
    by = {iri.removeprefix(E): weights[:, c] for c, iri in enumerate(grounder.concepts)}
    assert by["Big"] == pytest.approx([0.5, 0.8808], abs=1e-4)
    assert by["Sweet"] == pytest.approx([0.5, 0.9933], abs=1e-4)
    assert set(by) == {"Big", "Small", "Sour", "Sweet"}


def test_an_edit_of_a_threshold_moves_the_weight(fruit: Callable, tmp_path: Path) -> None:
    fruit()
    file = tmp_path / "fruit.ttl"
    text = file.read_text(encoding="utf-8").replace(
        "threshold 10 ; kgt:softness 1", "threshold 13 ; kgt:softness 1"
    )
    file.write_text(text, encoding="utf-8")
    grounder = MeasuredGrounder(read_ontology(file), Scale("diameter", "acid"))
    assert grounder.weights([(13, 1)])[0, 0] == pytest.approx(0.5)


def test_values_of_an_attribute_are_alternatives(fruit: Callable) -> None:
    grounder = MeasuredGrounder(fruit(), Scale("diameter", "acid"))
    observed = grounder.observe([(15, 1), (np.nan, 1)])
    assert observed.values[E + "Size"] == (E + "Big", E + "Small")
    assert observed.weights[E + "Size"][0] == pytest.approx([0.984, 0.016], abs=1e-3)
    assert observed.weights[E + "Size"][1].tolist() == [0.5, 0.5]


def test_grounding_has_a_relation_an_attribute(fruit: Callable) -> None:
    graph = fruit()
    grounder = MeasuredGrounder(graph, Scale("diameter", "acid"))
    grounding = grounder.ground([(15, 1), (5, 1)])
    assert grounding.relations == grounder.relations == (E + "Size", E + "Taste")
    assert grounding.concepts is grounder.concepts
    assert len(grounding) == 2
    assert grounding.concepts_of(1)[E + "Size"] == [E + "Big", E + "Small"]
    assert grounding.weights[:2].sum().item() == pytest.approx(1)
    assert grounding.weights[4:6].tolist() == pytest.approx([0.0163, 0.9837], abs=1e-3)


def test_columns_are_those_that_are_asked_for_in_their_order(fruit: Callable) -> None:
    observed = MeasuredGrounder(fruit(), Scale("diameter", "acid")).observe([(15, 1)])
    grounding = observed.grounding((E + "Sour", E + "Unmeasured", E + "Big"))
    assert grounding.concepts_of(0) == {E + "Size": [E + "Big"], E + "Taste": [E + "Sour"]}
    assert grounding.rows.tolist() == [2, 0]


def test_a_data_set_is_brought_to_the_stated_ranges(fruit: Callable) -> None:
    graph = fruit("e:diameter kgt:lowEnd 5 ; kgt:highEnd 15 .")
    inches = [(x, 1.0) for x in np.linspace(2, 6, 101)]
    grounder = MeasuredGrounder(graph, Scale("diameter", "acid")).fitted(inches)
    standard = grounder.measure([(2.2, 1), (4, 1), (5.8, 7)])
    assert standard[:, 0] == pytest.approx([5, 10, 15])
    assert standard[:, 1].tolist() == [1, 1, 7]
    assert grounder.weights([(4, 1)])[0, 0] == pytest.approx(0.5)


def test_a_handful_of_samples_is_no_data_set(fruit: Callable) -> None:
    with pytest.raises(DataError, match="9 samples do not tell what is ordinary"):
        MeasuredGrounder(fruit(), Scale("diameter", "acid")).fitted([(1, 1)] * 9)


def test_sizes_mean_nothing_before_a_data_set_was_seen(fruit: Callable) -> None:
    graph = fruit('e:diameter kgt:unit "cm" ; kgt:lowEnd 5 ; kgt:highEnd 15 .')
    grounder = MeasuredGrounder(graph, Scale("diameter", "acid"))
    assert np.isnan(grounder.weights([(12, 1)])[0]).tolist() == [True, True, False, False]
    assert grounder.observe([(12, 1)]).weights[E + "Size"][0].tolist() == [0.5, 0.5]


def test_a_measure_that_nothing_computes_is_named_with_its_concepts(fruit: Callable) -> None:
    with pytest.warns(Unmeasured, match="nothing computes e:acid; .* not grounded: Sour, Sweet"):
        grounder = MeasuredGrounder(fruit(), Scale("diameter"))
    assert grounder.concepts == (E + "Big", E + "Small")


def test_of_a_misspelt_measure_the_one_that_was_meant_is_named(fruit: Callable) -> None:
    with pytest.warns(Unmeasured, match=r"Sour, Sweet \(did you mean e:acids\?\)"):
        MeasuredGrounder(fruit(), Scale("diameter", "acids"))


@pytest.mark.filterwarnings("ignore::kgtransfer.grounding.measured.Unmeasured")
def test_no_computable_measure_at_all_is_an_error(fruit: Callable) -> None:
    with pytest.raises(OntologyError, match="names no measure that can be computed"):
        MeasuredGrounder(fruit(), Scale("weight"))


class Broken(Scale):
    """Gives another table than it promised."""

    def __init__(self, table: object) -> None:
        super().__init__("diameter", "acid")
        self.table = table

    def measure(self, samples: Sequence[tuple[float, ...]]) -> np.ndarray:
        return self.table  # type: ignore[return-value]


@pytest.mark.parametrize("table", [np.zeros((2, 2)), np.zeros((2, 3)), np.zeros(3), None, "abc"])
def test_a_table_that_was_not_promised_is_refused(
    fruit: Callable[[str], KnowledgeGraph], table: object
) -> None:
    grounder = MeasuredGrounder(fruit(""), Broken(table))
    with pytest.raises(DataError, match=r"Broken\.measure gives"):
        grounder.ground([(1.0, 2.0)] * 3)


def test_whole_numbers_are_measures_too(fruit: Callable[[str], KnowledgeGraph]) -> None:
    grounder = MeasuredGrounder(fruit(""), Broken([[12, 0], [8, 2]]))
    assert grounder.measure([(0.0, 0.0)] * 2).dtype == np.float64


def test_what_is_infinite_is_taken_for_not_a_number(fruit: Callable[[str], KnowledgeGraph]) -> None:
    grounder = MeasuredGrounder(fruit(""), Broken([[np.inf, 1], [8, 2]]))
    with pytest.warns(Unmeasured, match="diameter is infinite in 1 of 2 samples"):
        values = grounder.read([(0.0, 0.0)] * 2)
    assert np.isnan(values).tolist() == [[True, False], [False, False]]


def test_a_measure_that_is_never_a_number_is_told(fruit: Callable[[str], KnowledgeGraph]) -> None:
    grounder = MeasuredGrounder(fruit(""), Scale("diameter", "acid"))
    with pytest.warns(Unmeasured, match="e:acid is a number in none of 10 samples"):
        grounder.usual(np.array([[1.0, np.nan]] * 10))
