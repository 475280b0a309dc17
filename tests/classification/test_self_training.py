from __future__ import annotations

import numpy as np

from kgtransfer.classification.outcomes.number import Number
from kgtransfer.classification.outcomes.one_of import OneOf
from kgtransfer.classification.regression import regression
from kgtransfer.classification.self_training import Paired, self_trained, standardised
from kgtransfer.classification.targets import Targets

OUTCOME = OneOf(Targets(("a", "b"), ("e:A", "e:B"), (0, 1)))


def _domain(count: int, seed: int, shift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Two clouds in 40 dimensions, each of which tells them apart a little."""
    targets = np.arange(count) % 2
    points = np.random.default_rng(seed).normal(size=(count, 40)) + 0.3 * (2 * targets[:, None] - 1)
    return points + shift, targets


def test_samples_without_labels_teach_what_few_labels_cannot() -> None:
    few, targets = _domain(8, 0)
    there, truth = _domain(400, 1, shift=3.0)
    read = [Paired(standardised(few, few), standardised(there, there))]
    nothing = Paired(np.zeros((8, 2)), np.zeros((400, 2)))
    slopes, intercepts = regression(read[0].labelled, targets, nothing.labelled, OUTCOME)
    start = read[0].target @ slopes + intercepts
    learned = self_trained(read, nothing, targets, start, OUTCOME)
    before, after = ((logits.argmax(axis=1) == truth).mean() for logits in (start, learned))
    assert before < 0.9
    assert after > before + 0.05


def test_what_is_known_stays_and_only_the_rest_is_learned() -> None:
    few, targets = _domain(8, 0)
    there, truth = _domain(100, 1)
    known = Paired(30 * np.eye(2)[targets], 30 * np.eye(2)[truth])
    learned = self_trained([Paired(few, there)], known, targets, known.target, OUTCOME)
    assert np.abs(learned).max() < 0.1


def test_the_surest_half_of_each_answered_class_teaches() -> None:
    answers = np.array([[3.0, 0], [1.0, 0], [2.0, 0], [0.5, 0], [0, 0.1]])
    rows, guessed = OUTCOME.surest(answers, 0.5)
    assert (rows, guessed.tolist()) == ([0, 2, 4], [0, 0, 1])
    number = Number(Targets(("number",), (), ()))
    rows, guessed = number.surest(answers[:, :1], 0.5)
    assert (rows, guessed.shape) == ([], (0,))


def test_a_domain_is_standardised_by_itself() -> None:
    domain = np.array([[0.0, 5.0], [2.0, 5.0]])
    np.testing.assert_allclose(
        standardised(domain, domain), [[-1 / np.sqrt(2), 0], [1 / np.sqrt(2), 0]]
    )
