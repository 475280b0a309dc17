"""What probabilities of several labels at once are worth: macro balanced accuracy, and beside it.

A label counts by its two sides: the samples that have it, and those that do not. What has fewer
than ten of either is only counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit

from kgtransfer.classification.calibration import binned
from kgtransfer.classification.metrics import MIN_CLASS_SAMPLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]

__all__ = [
    "label_metrics",
    "label_reliability",
    "label_rows",
    "macro_balanced_scores",
    "scored_labels",
    "side_weights",
]


def scored_labels(truth: Bools) -> Ints:
    """Columns of the labels with ten samples of either side; with any, where none has ten."""
    fewest = np.minimum(truth.sum(axis=0), (~truth).sum(axis=0))
    for least in (MIN_CLASS_SAMPLES, 1):
        if (fewest >= least).any():
            return np.flatnonzero(fewest >= least)
    return np.arange(truth.shape[1])


def macro_balanced_scores(right: Bools, truth: Bools) -> Floats:
    """A score a sample, `[samples]`, whose mean is the mean balanced accuracy of the labels.

    Each is that mean plus what the sample moves it: so a bootstrap over samples gives the interval
    of a mean of rates, to first order (the infinitesimal jackknife: Efron, 1982).

    Args:
        right: `[samples, labels]` whether the answer is right.
        truth: `[samples, labels]` whether the sample has the label.
    """
    columns = scored_labels(truth)
    scores, samples = np.zeros(len(truth)), len(truth)
    for column in columns:
        sides = [side for side in (truth[:, column], ~truth[:, column]) if side.any()]
        for side in sides:
            rate = right[side, column].mean()
            scores += rate / len(sides)
            moved = right[side, column] - rate
            scores[side] += samples / (len(sides) * np.count_nonzero(side)) * moved
    return scores / len(columns)


def side_weights(truth: Bools, share: Floats) -> Floats:
    """Weights `[samples, labels]` under which either side of a label counts by half.

    Args:
        truth: `[samples, labels]`.
        share: `[labels]` of the samples that have each label; where it is 0 or 1 all count alike.
    """
    both = (share > 0) & (share < 1)
    of_side = np.where(truth, share, 1 - share)
    return np.where(both, 0.5 / np.where(both, of_side, 1), 1.0)


def label_metrics(logits: Floats, truth: Bools) -> dict[str, float]:
    """Macro average precision, label-ranking average precision, micro F1, calibration error.

    The calibration error is that of `label_reliability`.
    """
    from sklearn.metrics import (
        average_precision_score,
        f1_score,
        label_ranking_average_precision_score,
    )

    columns = [column for column in scored_labels(truth) if truth[:, column].any()]
    precisions = [average_precision_score(truth[:, c], logits[:, c]) for c in columns]
    return {
        "macro_average_precision": float(np.mean(precisions)) if precisions else 0.0,
        "label_ranking_average_precision": float(
            label_ranking_average_precision_score(truth, logits)
        ),
        "micro_f1": float(f1_score(truth, logits > 0, average="micro", zero_division=0)),
        "ece": label_reliability(logits, truth)["ece"],
    }


def label_reliability(logits: Floats, truth: Bools) -> dict[str, Any]:
    """Confidence and accuracy of the decisions on all labels, by bins; see `binned`.

    As in training, either side of a label counts by half: probabilities are those of a world in
    which a label is as frequent as its absence.
    """
    shares, columns = expit(logits), scored_labels(truth)
    confidence = np.maximum(shares, 1 - shares)[:, columns]
    right = ((logits > 0) == truth)[:, columns]
    weights = side_weights(truth[:, columns], truth[:, columns].mean(axis=0))
    return binned(confidence.ravel(), right.ravel(), weights.ravel())


def label_rows(logits: Floats, truth: Bools, names: Sequence[str]) -> list[dict[str, Any]]:
    """For each label its name, samples of either side, and what of them is right."""
    from sklearn.metrics import average_precision_score

    scored = set(scored_labels(truth).tolist())
    rows = []
    for column, name in enumerate(names):
        has, found = truth[:, column], logits[:, column] > 0
        rows.append(
            {
                "label": name,
                "with": int(has.sum()),
                "without": int((~has).sum()),
                "sensitivity": float(found[has].mean()) if has.any() else None,
                "specificity": float((~found[~has]).mean()) if not has.all() else None,
                "average_precision": float(average_precision_score(has, logits[:, column]))
                if has.any()
                else None,
                "scored": column in scored,
            }
        )
    return rows
