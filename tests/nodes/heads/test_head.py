"""The gated head: against scikit-learn, and what a prior and neighbours add."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from kgtransfer.nodes.features.propagation import smoother
from kgtransfer.nodes.heads.head import (
    HeadSettings,
    fit_head,
    fit_prior,
    fit_softmax,
    spread_labels,
)

RNG = np.random.default_rng(0)
LABELS = np.repeat(np.arange(3), 60)
TELLING = (np.eye(3)[LABELS] + RNG.normal(0, 0.4, (180, 3))).astype(np.float32)
NOISE = RNG.normal(0, 0.5, (180, 6)).astype(np.float32)
ALONE = smoother(sp.csr_array((180, 180), dtype=np.float32))


@pytest.mark.parametrize("strength", [0.3, 10.0])
def test_it_is_logistic_regression(strength: float) -> None:
    weights = fit_softmax(TELLING, LABELS, 3, strength)
    other = LogisticRegression(C=strength, tol=1e-8, max_iter=1000).fit(TELLING, LABELS)
    ours = weights[0] + TELLING @ weights[1:]
    theirs = other.decision_function(TELLING)
    centred = [table - table.mean(axis=1, keepdims=True) for table in (ours, theirs)]
    assert np.abs(centred[0] - centred[1]).max() < 0.005 * np.abs(centred[1]).max()


@pytest.mark.parametrize("gates", [{"telling": 1.0}, {"telling": 1.0, "noise": 0.5}])
def test_a_head_that_goes_on_from_a_smaller_one_ends_as_one_from_nothing(
    gates: dict[str, float],
) -> None:
    blocks, train = {"telling": TELLING, "noise": NOISE}, np.arange(0, 180, 2)
    small = fit_head(blocks, LABELS, train, 3, HeadSettings({"telling": 1.0}, 1.0))
    fitted = [
        fit_head(blocks, LABELS, train, 3, HeadSettings(gates, 10.0), start=start).logits(blocks)
        for start in (None, small)
    ]
    assert np.abs(fitted[0] - fitted[1]).max() < 0.005 * np.abs(fitted[0]).max()


def test_a_class_without_a_label_is_never_named() -> None:
    weights = fit_softmax(TELLING[:120], LABELS[:120], 3, 1.0)
    assert set((weights[0] + TELLING @ weights[1:]).argmax(axis=1)) == {0, 1}


def test_the_prior_opens_for_what_labels_agree_with_and_shuts_for_the_rest() -> None:
    good = np.eye(3, dtype=np.float32)[LABELS] * 2 - 1
    train = np.arange(0, 180, 12)
    assert fit_prior(good[train], LABELS[train]) > 1
    assert fit_prior(-good[train], LABELS[train]) == 0
    head = fit_head({}, LABELS, train, 3, HeadSettings(), good)
    assert (head.logits({}, good).argmax(axis=1) == LABELS).all()


def test_labels_spread_to_neighbours() -> None:
    pairs = sp.csr_array(np.kron(np.eye(2), [[0, 1], [1, 0]]).astype(np.float32))
    probabilities = np.full((4, 2), 0.5, dtype=np.float32)
    labels, train = np.array([0, 0, 1, 1]), np.array([0, 2])
    spread = spread_labels(smoother(pairs), probabilities, labels, train, 0.3)
    assert spread.argmax(axis=1).tolist() == [0, 0, 1, 1]
    assert spread_labels(smoother(pairs), probabilities, labels, train, 1.0) is probabilities
