from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.errors import OntologyError
from kgtransfer.grounding.observations import Observations
from kgtransfer.knowledge.axioms.axioms import Axioms, axioms_of
from kgtransfer.knowledge.axioms.frequencies import frequency_table
from kgtransfer.knowledge.io.ontology import read_ontology

E = "https://example.org/"
FRUIT = """
@prefix e: <https://example.org/> . @prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
e:Size rdfs:subClassOf kgt:Attribute .
e:Big rdfs:subClassOf e:Size . e:Small rdfs:subClassOf e:Size . e:Odd rdfs:subClassOf e:Size .
e:Taste rdfs:subClassOf kgt:Attribute .
e:Sour rdfs:subClassOf e:Taste . e:Sweet rdfs:subClassOf e:Taste .
e:Fruit kgt:usual e:Sweet .
e:Melon rdfs:subClassOf e:Fruit ; kgt:usual e:Big .
e:Cherry rdfs:subClassOf e:Fruit ; kgt:usual e:Small ; kgt:sometimes e:Odd .
e:Lemon rdfs:subClassOf e:Fruit ; kgt:usual e:Sour ; kgt:never e:Sweet .
"""
CLASSES = (E + "Melon", E + "Cherry", E + "Lemon")
VALUES = {E + "Size": (E + "Big", E + "Small"), E + "Taste": (E + "Sour", E + "Sweet")}


@pytest.fixture
def axioms(tmp_path: Path) -> Axioms:
    (tmp_path / "fruit.ttl").write_text(FRUIT, encoding="utf-8")
    return axioms_of(read_ontology(tmp_path / "fruit.ttl"))


@pytest.fixture
def observe() -> Callable[..., Observations]:
    return lambda **of: Observations(VALUES, {E + a: np.array(w) for a, w in of.items()})


def test_a_table_has_the_frequencies_over_the_values_that_are_known(axioms: Axioms) -> None:
    size = frequency_table(axioms, CLASSES, E + "Size", VALUES[E + "Size"])
    assert size == pytest.approx(
        np.array([[0.9, 0.05], [0.05, 0.9], [0.05, 0.05]]) / [[0.95], [0.95], [0.1]]
    )
    taste = frequency_table(axioms, CLASSES, E + "Taste", VALUES[E + "Taste"])
    assert taste[0] == pytest.approx([0.05 / 0.95, 0.9 / 0.95])
    assert taste[2] == pytest.approx([0.9 / 0.91, 0.01 / 0.91])


def test_scores_name_the_class_that_the_axioms_describe(axioms: Axioms, observe: Callable) -> None:
    prior = AxiomPrior.of(axioms, CLASSES, VALUES)
    seen = observe(Size=[[0.9, 0.1], [0.1, 0.9], [0.5, 0.5]], Taste=[[0, 1], [0, 1], [1, 0]])
    assert prior.scores(seen).argmax(axis=1).tolist() == [0, 1, 2]


def test_samples_fit_where_some_class_shows_what_they_show_together() -> None:
    first, second = np.array([[0.9, 0.1], [0.1, 0.9]]), np.array([[0.8, 0.2], [0.2, 0.8]])
    prior = AxiomPrior(("a", "b"), {"x": (("x1", "x2"), first), "y": (("y1", "y2"), second)})
    sure = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    seen = Observations(
        {"x": ("x1", "x2"), "y": ("y1", "y2")}, {"x": sure, "y": sure[[0, 2, 2, 0]]}
    )
    together = (1.8 * 1.6 + 0.2 * 0.4) / 2  # both classes' ratios to the mean of the two
    apart = (1.8 * 0.4 + 0.2 * 1.6) / 2
    assert prior.log_evidence(seen) == pytest.approx(np.log([together, apart, together, 1.0]))


def test_a_score_is_the_mean_of_the_logs_of_the_likelihood_ratios(
    axioms: Axioms, observe: Callable
) -> None:
    prior = AxiomPrior.of(axioms, CLASSES, VALUES)
    seen = observe(Size=[[1.0, 0.0]], Taste=[[0.5, 0.5]])
    big = np.array([0.9 / 0.95, 0.05 / 0.95, 0.5])
    taste = np.array([[0.05 / 0.95, 0.9 / 0.95]] * 2 + [[0.9 / 0.91, 0.01 / 0.91]])
    expected = (np.log(big / big.mean()) + np.log((taste / taste.mean(axis=0)).mean(axis=1))) / 2
    assert prior.scores(seen)[0] == pytest.approx(expected)


def test_what_is_not_seen_says_nothing_about_classes_that_differ_in_it_only(
    axioms: Axioms, observe: Callable
) -> None:
    parts = AxiomPrior.of(axioms, CLASSES, VALUES).by_attribute(
        observe(Size=[[0.5, 0.5]], Taste=[[0, 1]])
    )
    melon, cherry, _ = parts[E + "Size"][0]
    assert melon == pytest.approx(cherry)


def test_a_prior_of_weight_zero_changes_nothing(axioms: Axioms, observe: Callable) -> None:
    prior, logits = AxiomPrior.of(axioms, CLASSES, VALUES), np.array([[0.1, 0.2, 0.3]])
    seen = observe(Size=[[0.9, 0.1]], Taste=[[0, 1]])
    assert prior.combined(logits, seen, 0.0) is logits
    assert prior.combined(logits, seen, 2.0) == pytest.approx(logits + 2 * prior.scores(seen))


def test_axioms_that_tell_nothing_apart_are_an_error(axioms: Axioms) -> None:
    with pytest.raises(OntologyError, match="no axiom tells the classes apart"):
        AxiomPrior.of(axioms, (E + "Melon", E + "Fruit"), {E + "Taste": VALUES[E + "Taste"]})


def test_the_placebo_has_the_same_rows_at_other_classes(axioms: Axioms) -> None:
    prior = AxiomPrior.of(axioms, CLASSES, VALUES)
    placebos = [prior.shuffled(seed) for seed in range(8)]
    for attribute, (values, table) in prior.tables.items():
        for placebo in placebos:
            assert placebo.tables[attribute][0] == values
            assert sorted(map(tuple, placebo.tables[attribute][1])) == sorted(map(tuple, table))
        moved = [not np.array_equal(p.tables[attribute][1], table) for p in placebos]
        assert any(moved)


def test_a_learned_table_counts_what_the_labels_show(axioms: Axioms, observe: Callable) -> None:
    prior = AxiomPrior.of(axioms, CLASSES, VALUES)
    seen = observe(Size=[[1, 0], [0.5, 0.5], [0, 1]], Taste=[[0, 1], [0, 1], [1, 0]])
    learned = prior.learned(seen, [np.array(rows, dtype=np.int64) for rows in ([0, 1], [2], [])])
    size = learned.tables[E + "Size"][1]
    assert size[0] == pytest.approx([1.55 / 2.1, 0.55 / 2.1])
    assert size[1] == pytest.approx([0.05 / 1.1, 1.05 / 1.1])
    assert size[2] == pytest.approx([0.5, 0.5])  # no sample: nothing is known


@pytest.mark.parametrize("seed", range(8))
def test_of_two_classes_and_one_attribute_the_placebo_is_not_the_knowledge(seed: int) -> None:
    table = np.array([[0.9, 0.1], [0.1, 0.9]])
    prior = AxiomPrior(("e:A", "e:B"), {"e:Size": (("e:Big", "e:Small"), table)})
    assert prior.shuffled(seed).tables["e:Size"][1].tolist() == [[0.1, 0.9], [0.9, 0.1]]


def test_a_placebo_of_nothing_is_nothing() -> None:
    prior = AxiomPrior((), {})
    assert prior.shuffled(0) == prior
