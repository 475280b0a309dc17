"""Ridge-penalised regression beside logits that stay as they are, to convergence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import minimize

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from kgtransfer.classification.outcomes.outcome import Loss
    from kgtransfer.experiments.choice import Fold

    Floats = npt.NDArray[np.float64]

__all__ = ["RIDGE", "RIDGES", "regression", "ridge_for"]

RIDGE = 1.0
"""Penalty on squared slopes of a regression, beside the sum of losses."""
RIDGES = (1.0, 10.0, 0.1, 0.01)
"""Penalties that are tried where features are many; the first where nothing can be held out."""


def regression(
    features: Floats, targets: npt.NDArray[Any], offset: Floats, loss: Loss, *, ridge: float = RIDGE
) -> tuple[Floats, Floats]:
    """Ridge-penalised regression beside logits that stay as they are, by what the loss says.

    Args:
        features: `[samples, features]`, standardised.
        targets: encoded labels.
        offset: `[samples, logits]`.
        loss: of the labels: cross-entropy makes it multinomial logistic regression.
        ridge: penalty on squared slopes and intercepts, beside the sum of losses.

    Returns:
        Slopes `[features, logits]` and intercepts `[logits]`, which are penalised too.
    """
    features = np.hstack([features, np.ones((len(features), 1))])
    axes = None
    if features.shape[1] > len(features):  # the best slopes lie in the span of the samples
        left, sizes, axes = np.linalg.svd(features, full_matrices=False)
        features = left * sizes
    shape = (features.shape[1], offset.shape[1])

    def penalised(flat: Floats) -> tuple[float, Floats]:
        slopes = flat.reshape(shape)
        value, gradient = loss.loss_and_gradient(offset + features @ slopes, targets)
        gradient = features.T @ gradient + ridge * slopes
        return value + ridge / 2 * float(flat @ flat), gradient.ravel()

    minimum = minimize(penalised, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B")
    slopes = minimum.x.reshape(shape)
    if axes is not None:
        slopes = axes.T @ slopes
    return slopes[:-1], slopes[-1]


def ridge_for(
    features: Floats,
    targets: npt.NDArray[Any],
    offset: Floats,
    loss: Loss,
    folds: Sequence[Fold],
) -> float:
    """The penalty of `RIDGES` under which held-out labels are likeliest; the first without folds.

    Args:
        features: `[samples, features]`, standardised.
        targets: encoded labels.
        offset: `[samples, logits]`.
        loss: of the labels.
        folds: of the samples, see `folds_of`.
    """

    def held_out(ridge: float) -> float:
        total = 0.0
        for fitted, scored in folds:
            known = loss.supervised(offset[fitted], targets[fitted])
            slopes, intercepts = regression(
                features[fitted], targets[fitted], known, loss, ridge=ridge
            )
            logits = offset[scored] + features[scored] @ slopes + intercepts
            total += loss.log_loss(logits, targets[scored])
        return total

    return min(RIDGES, key=held_out) if folds else RIDGES[0]
