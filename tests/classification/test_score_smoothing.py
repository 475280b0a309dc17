"""Scores that features make alike where samples are."""

from __future__ import annotations

import numpy as np

from kgtransfer.classification.score_smoothing import smoothed_scores, standardised


def test_samples_that_look_alike_get_like_scores() -> None:
    random = np.random.default_rng(0)
    targets = np.arange(300) % 3
    features = np.eye(3)[targets] * 2 + random.normal(size=(300, 3)) * 0.4
    scores = np.eye(3)[targets] + random.normal(size=(300, 3)) * 1.5
    before = (standardised(scores).argmax(axis=1) == targets).mean()
    after = (smoothed_scores(scores, features).argmax(axis=1) == targets).mean()
    assert before < 0.6
    assert after > 0.95


def test_without_a_round_scores_are_standardised() -> None:
    scores = np.array([[1.0, 4], [3, 4]])
    assert smoothed_scores(scores, scores, rounds=0).tolist() == [[-1.0, 0.0], [1.0, 0.0]]


def test_neither_scale_nor_a_constant_of_features_matters() -> None:
    random = np.random.default_rng(1)
    scores, features = random.normal(size=(40, 3)), random.normal(size=(40, 5))
    moved = features * np.array([1, 10, 0.1, 3, 7]) + 5
    np.testing.assert_allclose(smoothed_scores(scores, moved), smoothed_scores(scores, features))
