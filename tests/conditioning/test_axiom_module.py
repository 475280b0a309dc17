"""The torch module scores labels as `AxiomPrior` does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.classification.outcomes.any_of import AnyOf
from kgtransfer.classification.outcomes.number import Number
from kgtransfer.classification.targets import Targets
from kgtransfer.conditioning.axiom_module import AxiomScores, ExpectedNumber
from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.grounding.observations import Observations

VALUES = {"size": ("big", "small"), "hue": ("red", "blue"), "taste": ("sour", "sweet", "bitter")}


def _drawn(seed: int) -> tuple[AxiomPrior, Observations, torch.Tensor]:
    """Tables of three classes, and four samples."""
    random = np.random.default_rng(seed)
    tables = {
        "taste": (VALUES["taste"], random.dirichlet(np.ones(3), 3) + 0.01),
        "size": (("small", "big"), random.dirichlet(np.ones(2), 3) + 0.01),
    }
    shares = {a: random.dirichlet(np.ones(len(v)), 4) + 0.01 for a, v in VALUES.items()}
    values = torch.from_numpy(np.hstack(list(shares.values()))).float()
    return AxiomPrior(("a", "b", "c"), tables), Observations(VALUES, shares), values


@given(
    seed=st.integers(0, 999),
    weight=st.floats(0, 10),
    label_of=st.sampled_from([(), (0, 1, 2), (0, 0, 1), (1, 0, 1)]),
)
def test_it_scores_as_the_prior(seed: int, weight: float, label_of: tuple[int, ...]) -> None:
    prior, observed, values = _drawn(seed)
    prior = replace(prior, label_of=label_of)
    expected = prior.combined(np.zeros((4, prior.labels)), observed, weight)
    module = AxiomScores.of(prior, weight, VALUES)
    assert module(values).numpy() == pytest.approx(expected, abs=1e-5)


@given(seed=st.integers(0, 999), weight=st.floats(0.01, 10))
def test_labels_that_stand_by_themselves_have_their_own_evidence(seed: int, weight: float) -> None:
    prior, observed, values = _drawn(seed)
    outcome = AnyOf(Targets(("a", "b", "c"), ("a", "b", "c"), (0, 1, 2)))
    intercepts = np.array([0.5, 0.0, -1.0])
    expected = outcome.evidence(prior, observed)(weight) + intercepts
    module = AxiomScores.of(prior, weight, VALUES, intercepts=intercepts, even=True)
    assert module(values).numpy() == pytest.approx(expected, abs=1e-5)


@given(seed=st.integers(0, 999), weight=st.floats(0, 1))
def test_numbers_are_expected_as_by_the_outcome(seed: int, weight: float) -> None:
    prior, observed, values = _drawn(seed)
    targets = Targets(("number",), ("a", "b", "c"), (0, 0, 0), (1.0, 2.0, 5.0))
    outcome = Number(targets, mean=2.5, deviation=2.0)
    levels = (np.array(targets.numbers) - 2.5) / 2.0
    module = ExpectedNumber.of(prior, weight, VALUES, levels=levels, intercepts=np.array([0.25]))
    expected = outcome.evidence(prior, observed)(weight) + 0.25
    assert module(values).numpy() == pytest.approx(expected, abs=1e-5)


def test_axioms_that_say_nothing_expect_the_mean() -> None:
    module = ExpectedNumber.of(AxiomPrior((), {}), 0.0, VALUES, levels=np.zeros(0))
    assert module(torch.full((2, 7), 0.5)).tolist() == [[0.0], [0.0]]


def test_without_weight_it_says_nothing() -> None:
    prior = AxiomPrior(("a", "b"), {"size": (VALUES["size"], np.array([[0.9, 0.1], [0.1, 0.9]]))})
    module = AxiomScores.of(prior, 0.0, VALUES)
    assert module(torch.full((1, 7), 0.5)).tolist() == [[0.0, 0.0]]
