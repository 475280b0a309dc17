"""What predicted numbers are worth: the share of the variance that they explain, and errors."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["number_metrics", "r2_scores"]


def r2_scores(predicted: Floats, true: Floats) -> Floats:
    """A score a sample, `[samples]`, whose mean is R2: 1 minus the squared error over the variance.

    The variance is that of all samples, so that one score may lie far below 0. A test of equal
    numbers has no variance: then a right answer scores 1, any other 0.
    """
    errors, variance = (predicted - true) ** 2, np.var(true)
    return np.asarray(1 - errors / variance if variance > 0 else errors == 0, dtype=np.float64)


def number_metrics(predicted: Floats, true: Floats) -> dict[str, float]:
    """Mean absolute error, root mean square error, and Spearman's rank correlation.

    The errors are in the number's unit; the correlation is 0 where either does not vary.
    """
    from scipy.stats import ConstantInputWarning, spearmanr

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConstantInputWarning)
        correlation = float(spearmanr(predicted, true).statistic) if len(true) > 1 else 0.0
    return {
        "mae": float(np.abs(predicted - true).mean()),
        "rmse": float(np.sqrt(((predicted - true) ** 2).mean())),
        "spearman": correlation if np.isfinite(correlation) else 0.0,
    }
