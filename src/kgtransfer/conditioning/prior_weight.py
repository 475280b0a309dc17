"""Scores by axioms and a few labels -> the weight with which the scores enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["learned_weight"]

EXPECTED, SPREAD, MOST = 0.5, 0.5, 2.0


def learned_weight(
    scores: Floats,
    targets: npt.NDArray[np.int64],
    held_out: Floats | None = None,
    *,
    expected: float = EXPECTED,
    spread: float = SPREAD,
    most: float = MOST,
) -> float:
    """The weight lambda of `held_out + lambda * scores` under which the labels are likeliest.

    The model's logits must be those of models that did not see the sample: beside logits that know
    the labels already, axioms would seem worthless. A few labels say little, so a normal prior
    holds the weight near what is expected of it; wrong scores need a few labels to close the gate.

    Args:
        scores: of the labelled samples by the axioms, `[samples, classes]`.
        targets: their classes, `[samples]`.
        held_out: logits of the labelled samples, each by a model that was fitted without it,
            `[samples, classes]`; None where no class can spare a label: then the axioms alone must
            make the labels likely.
        expected: of the weight, before any label.
        spread: standard deviation of the prior.
        most: the largest weight.

    Returns:
        Between 0 and `most`; `expected` without a label.
    """
    logits = np.zeros_like(scores) if held_out is None else held_out
    rows = np.arange(len(targets))

    def loss(weight: float) -> float:
        log_likelihood = log_softmax(logits + weight * scores, axis=1)[rows, targets]
        return float(-log_likelihood.sum() + (weight - expected) ** 2 / (2 * spread**2))

    return float(minimize_scalar(loss, bounds=(0.0, most), method="bounded").x)
