"""How often a classifier is right where it is so sure: the bins of a reliability diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.classification.metrics import BINS, class_metrics, probabilities

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["reliability"]


def reliability(logits: npt.NDArray[np.float64], targets: npt.NDArray[np.int64]) -> dict[str, Any]:
    """Logits `[samples, classes]` and targets -> their confidence, accuracy and number, by bins.

    The bins have equal width, as in Guo et al., ICML 2017, arXiv 1706.04599.

    Returns:
        `bins`: mean `confidence`, `accuracy` and `count` of the samples of each that has any;
        and `ece`, the mean gap between the two.
    """
    shares = probabilities(logits)
    confidence, right = shares.max(axis=1), shares.argmax(axis=1) == targets
    bin_of = np.minimum((confidence * BINS).astype(int), BINS - 1)
    rows = [np.flatnonzero(bin_of == number) for number in np.unique(bin_of)]
    return {
        "bins": [
            {
                "confidence": float(confidence[members].mean()),
                "accuracy": float(right[members].mean()),
                "count": len(members),
            }
            for members in rows
        ],
        "ece": class_metrics(logits, targets)["ece"],
    }
