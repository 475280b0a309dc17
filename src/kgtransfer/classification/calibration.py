"""How often a classifier is right where it is so sure: the bins of a reliability diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.classification.metrics import BINS, class_metrics, probabilities

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["abstention", "binned", "reliability"]

TENTHS = 10


def reliability(logits: Floats, targets: npt.NDArray[np.int64]) -> dict[str, Any]:
    """Logits `[samples, classes]` and targets -> the reliability of the likeliest class."""
    shares = probabilities(logits)
    confidence, right = shares.max(axis=1), shares.argmax(axis=1) == targets
    ece = class_metrics(logits, targets)["ece"]
    return {**binned(confidence, right), "ece": ece, "abstention": abstention(confidence, right)}


def abstention(confidence: Floats, right: npt.NDArray[np.bool_]) -> list[dict[str, float]]:
    """What is right of the surest tenth, two tenths, ... of the answers.

    Args:
        confidence: `[answers]`.
        right: `[answers]`.

    Returns:
        `answered`, a share of the samples, and `accuracy` on these; nothing where there is none.
    """
    surest = right[np.argsort(-confidence, kind="stable")]
    counts = {share: round(share * len(right) / TENTHS) for share in range(1, TENTHS + 1)}
    return [
        {"answered": share / TENTHS, "accuracy": float(surest[:count].mean())}
        for share, count in counts.items()
        if count
    ]


def binned(
    confidence: Floats, right: npt.NDArray[np.bool_], weights: Floats | None = None
) -> dict[str, Any]:
    """Decisions -> their confidence, accuracy and number, by bins.

    The bins have equal width, as in Guo et al., ICML 2017, arXiv 1706.04599.

    Args:
        confidence: `[decisions]`, 0 to 1.
        right: `[decisions]`.
        weights: `[decisions]` that means are taken with; all alike by default.

    Returns:
        `bins`: mean `confidence`, `accuracy` and `count` of the decisions of each that has any;
        and `ece`, the mean gap between the two.
    """
    weights = np.ones(len(confidence)) if weights is None else weights
    bin_of = np.minimum((confidence * BINS).astype(int), BINS - 1)
    rows = [np.flatnonzero(bin_of == number) for number in np.unique(bin_of)]
    gaps = [abs(float(weights[r] @ (confidence[r] - right[r]))) for r in rows]
    return {
        "bins": [
            {
                "confidence": float(np.average(confidence[members], weights=weights[members])),
                "accuracy": float(np.average(right[members], weights=weights[members])),
                "count": len(members),
            }
            for members in rows
        ],
        "ece": sum(gaps) / max(1.0, float(weights.sum())),
    }
