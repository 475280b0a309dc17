"""How far each of several sources is believed."""

from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.grounding.mixing import agreement_weights, mixed, mixture_weights, posterior
from kgtransfer.grounding.observations import Observations

RANDOM = np.random.default_rng(0)
TRUE = RANDOM.integers(0, 2, 400)
RIGHT = np.where(np.eye(2)[TRUE] == 1, 0.9, 0.1)
NOISE = RANDOM.dirichlet([1, 1], 400)


def test_a_source_that_says_what_is_expected_is_believed() -> None:
    right, noise = mixture_weights([RIGHT, NOISE], np.eye(2)[TRUE])
    assert right > 0.9
    assert right + noise == pytest.approx(1)


def test_sources_that_say_the_same_weigh_the_same() -> None:
    assert mixture_weights([RIGHT, RIGHT], np.eye(2)[TRUE]).tolist() == [0.5, 0.5]


def test_few_samples_hardly_move_the_weights() -> None:
    assert abs(mixture_weights([RIGHT[:2], NOISE[:2]], np.eye(2)[TRUE[:2]])[0] - 0.5) < 0.1


def test_shares_mix_by_weight() -> None:
    one, other = np.array([[1.0, 0.0]]), np.array([[0.2, 0.8]])
    assert mixed([one, other], [0.25, 0.75]).tolist() == [pytest.approx([0.4, 0.6])]


VALUES = {"size": ("big", "small"), "tint": ("green", "red")}
TABLE = np.array([[0.9, 0.1], [0.1, 0.9]])
TABLES = {name: (values, TABLE) for name, values in VALUES.items()}


def test_other_attributes_say_what_is_expected_where_no_label_does() -> None:
    even = Observations(VALUES, {"size": mixed([RIGHT, NOISE], [0.5, 0.5]), "tint": RIGHT})
    weights = agreement_weights({"size": [RIGHT, NOISE]}, even, TABLES)
    assert weights["size"][0] > 0.8
    labels = agreement_weights({"size": [RIGHT, NOISE]}, even, TABLES, np.eye(2)[1 - TRUE])
    assert labels["size"][0] < 0.3  # by labels that say the opposite


def test_without_axioms_about_others_weights_are_even() -> None:
    even = Observations({"size": VALUES["size"]}, {"size": NOISE})
    alone = {"size": TABLES["size"]}
    assert agreement_weights({"size": [RIGHT, NOISE]}, even, alone) == {"size": (0.5, 0.5)}
    assert agreement_weights({"size": [RIGHT, NOISE]}, even, {}) == {"size": (0.5, 0.5)}


def test_a_posterior_multiplies_attributes() -> None:
    observed = Observations(
        VALUES, {"size": np.array([[0.9, 0.1]]), "tint": np.array([[0.9, 0.1]])}
    )
    one = posterior(observed, TABLES, without="tint")
    assert one.tolist() == [pytest.approx([0.82, 0.18])]
    both = 0.82**2 / (0.82**2 + 0.18**2)
    assert posterior(observed, TABLES).tolist() == [pytest.approx([both, 1 - both])]
