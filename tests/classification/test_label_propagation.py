"""Labels that spread over nearest neighbours, in the unit of each kind of label."""

from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.classification.label_propagation import propagated
from kgtransfer.classification.outcomes.any_of import AnyOf
from kgtransfer.classification.outcomes.number import Number
from kgtransfer.classification.outcomes.one_of import OneOf
from kgtransfer.classification.targets import Targets

LABELS = ("a", "b", "c")
TARGETS = Targets(LABELS, ("e:A", "e:B", "e:C"), (0, 1, 2))


def _clouds(count: int, seed: int, shift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Two clouds in 20 dimensions; in another domain both lie elsewhere."""
    targets = np.arange(count) % 2
    random = np.random.default_rng(seed)
    points = 1 + random.normal(size=(count, 20)) / 3
    points[np.arange(count), targets] += 3
    points[:, 2] += shift
    return points, targets


def test_a_label_reaches_what_is_near_through_others() -> None:
    few, targets = _clouds(4, 0)
    there, truth = _clouds(400, 1, shift=3.0)
    outcome = OneOf(TARGETS)
    reached = propagated(few, there, outcome.masses(targets))
    logits = outcome.from_masses(reached, targets)
    assert (logits.argmax(axis=1) == truth).mean() > 0.98
    assert (logits[:, 2] == 0).all()  # of a class without a label nothing is said
    assert logits[:, :2].sum(axis=1) == pytest.approx(np.zeros(400), abs=1e-9)


def test_the_order_of_samples_makes_no_difference() -> None:
    few, targets = _clouds(4, 0)
    there, _ = _clouds(60, 1)
    masses, order = OneOf(TARGETS).masses(targets), np.random.default_rng(0).permutation(60)
    straight = propagated(few, there, masses)
    np.testing.assert_allclose(propagated(few, there[order], masses), straight[order], atol=1e-12)


def test_several_labels_at_once_spread_each_by_itself() -> None:
    few, targets = _clouds(6, 0)
    there, truth = _clouds(200, 1)
    shown = np.stack([targets, 1 - targets, np.zeros(6)], axis=1).astype(float)
    outcome = AnyOf(TARGETS)
    logits = outcome.from_masses(propagated(few, there, outcome.masses(shown)), shown)
    assert ((logits[:, 0] > 0) == truth).mean() > 0.98
    assert ((logits[:, 1] > 0) == 1 - truth).mean() > 0.98
    assert (logits[:, 2] == 0).all()  # no labelled sample has it


def test_numbers_are_weighted_means() -> None:
    few, targets = _clouds(6, 0)
    there, truth = _clouds(200, 1)
    numbers = 10.0 + 4 * targets
    outcome = Number(Targets(("number",), (), ())).fitted(numbers)
    logits = outcome.from_masses(propagated(few, there, outcome.masses(numbers)), numbers)
    answers = outcome.in_units(np.stack([logits, np.zeros_like(logits)])).sum(axis=0)[:, 0]
    assert np.abs(answers - (10 + 4 * truth)).mean() < 0.5
