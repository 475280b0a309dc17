"""Scores without labels, and features of the same samples -> better scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.special import softmax

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["smoothed_scores", "standardised"]

PENALTY = 0.01  # of the ridge, a sample, features being of length 1
ROUNDS = 2
SHARPNESS = 2.0  # of posteriors, scores having the standard deviation 1


def smoothed_scores(scores: Floats, features: Floats, *, rounds: int = ROUNDS) -> Floats:
    """Scores of one domain's samples, and their features -> scores `[samples, classes]`.

    What scores say of samples that look alike is made alike: a ridge regression from features to
    the posterior of the scores takes their place, in closed form, and again from its own. Self-
    training (Yarowsky, ACL 1995; with soft labels, Grandvalet and Bengio, NIPS 2004). No label is
    looked at. Classes are taken to be about as frequent as each other: see `standardised`.

    Args:
        scores: `[samples, classes]`, a log-likelihood of each up to a constant a sample.
        features: `[samples, d]`, of any scale.
        rounds: how often a regression is fitted; 0 standardises the scores.
    """
    held = standardised(features)
    held = held / np.maximum(np.linalg.norm(held, axis=1, keepdims=True), 1e-9)
    ridge = held.T @ held + PENALTY * len(held) * np.eye(held.shape[1])
    factor = cho_factor(ridge)
    trained = standardised(scores)
    for _ in range(rounds):
        shares = softmax(SHARPNESS * trained, axis=1)
        slopes = cho_solve(factor, held.T @ (shares - shares.mean(axis=0)))
        trained = standardised(held @ slopes)
    return trained


def standardised(scores: Floats) -> Floats:
    """`[samples, columns]` -> each column with the mean 0 and the standard deviation 1."""
    deviation = scores.std(axis=0)
    return np.asarray((scores - scores.mean(axis=0)) / np.where(deviation > 0, deviation, 1))
