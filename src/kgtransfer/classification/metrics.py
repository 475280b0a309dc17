"""What a classifier's logits are worth: balanced accuracy and what stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

__all__ = [
    "MIN_CLASS_SAMPLES",
    "balanced_scores",
    "class_metrics",
    "confusion",
    "energy",
    "probabilities",
    "scored_rows",
    "tempered",
]

MIN_CLASS_SAMPLES = 10  # of a class, below which it is only counted
BINS = 15
SCALES = (-3.0, 1.0)  # of logits, powers of ten


def scored_rows(targets: Ints) -> Ints:
    """Rows of the samples whose class has ten samples or more; all where no class has."""
    counts = np.bincount(targets)
    enough = counts[targets] >= MIN_CLASS_SAMPLES
    return np.flatnonzero(enough if enough.any() else counts[targets] > 0)


def balanced_scores(right: npt.NDArray[np.bool_], targets: Ints) -> Floats:
    """A score a sample whose mean over all is the mean recall of the classes, `[samples]`."""
    counts = np.bincount(targets)
    share = len(targets) / (np.count_nonzero(counts) * counts[targets])
    return np.asarray(right * share, dtype=np.float64)


def probabilities(logits: Floats) -> Floats:
    """Softmax over the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def energy(logits: Floats) -> Floats:
    """How unlike anything trained on each sample is, `[samples]`; high for what is out of it.

    Minus the logarithm of the summed exponentials of the logits (Liu et al., Energy-based
    Out-of-distribution Detection, NeurIPS 2020, arXiv 2010.03759).
    """
    peak = logits.max(axis=1)
    return np.asarray(-(np.log(np.exp(logits - peak[:, None]).sum(axis=1)) + peak))


def confusion(logits: Floats, targets: Ints) -> Ints:
    """How many samples of each class (rows) are taken for which (columns)."""
    table = np.zeros((logits.shape[1],) * 2, dtype=np.int64)
    np.add.at(table, (targets, logits.argmax(axis=1)), 1)
    return table


def class_metrics(logits: Floats, targets: Ints) -> dict[str, float]:
    """Accuracy, macro F1, expected calibration error and mean log loss.

    Macro F1 is over the classes that have samples; the calibration error has 15 bins of equal width
    (Guo et al., ICML 2017, arXiv 1706.04599).
    """
    table, shares = confusion(logits, targets), probabilities(logits)
    right = np.diag(table)
    either = table.sum(axis=0) + table.sum(axis=1)
    present = table.sum(axis=1) > 0
    likely = shares[np.arange(len(targets)), targets]
    return {
        "accuracy": float(right.sum() / max(1, len(targets))),
        "macro_f1": float((2 * right / np.maximum(1, either))[present].mean()),
        "ece": _calibration_error(shares.max(axis=1), shares.argmax(axis=1) == targets),
        "log_loss": float(-np.log(np.maximum(likely, 1e-12)).mean()),
    }


def tempered(log_loss: Callable[[Floats], float], logits: Floats) -> float:
    """The least loss of logits over all scales: temperature scaling (Guo et al., as above).

    Args:
        log_loss: logits `[samples, logits]` -> their loss.
        logits: at any scale.
    """

    def at(power: float) -> float:
        return log_loss(10**power * logits)

    return float(minimize_scalar(at, bounds=SCALES, method="bounded").fun)


def _calibration_error(confidence: Floats, right: npt.NDArray[np.bool_]) -> float:
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, weights=confidence - right, minlength=BINS)
    return float(np.abs(gaps).sum() / max(1, len(right)))
