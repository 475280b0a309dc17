"""A random forest on all that nodes say by themselves: what a practitioner would try on a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.ensemble import RandomForestClassifier

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["fit_forest", "forest_shares"]

TREES = 300
FEWER = 100  # of a forest that is grown again for each fold


def fit_forest(
    features: npt.NDArray[np.float32],
    labels: npt.NDArray[np.int64],
    train: npt.NDArray[np.int64],
    *,
    seed: int,
) -> npt.NDArray[np.int64]:
    """Features `[N, d]` and labels -> class of every node, `[N]` (Breiman, 2001).

    Args:
        features: of all nodes.
        labels: `[N]`; only those of `train` are looked at.
        train: nodes that are trained on.
        seed: of the trees.
    """
    forest = _forest(features, labels, train, TREES, seed)
    predicted: npt.NDArray[np.int64] = forest.predict(features)
    return predicted


def forest_shares(
    features: npt.NDArray[np.float32],
    labels: npt.NDArray[np.int64],
    train: npt.NDArray[np.int64],
    classes: int,
    *,
    seed: int,
) -> npt.NDArray[np.float32]:
    """As `fit_forest` -> probabilities of the classes, `[N, classes]`, none of them zero.

    Means over trees, and one tree more that knows nothing.
    """
    forest = _forest(features, labels, train, FEWER, seed)
    shares = np.zeros((len(features), classes), dtype=np.float32)
    shares[:, forest.classes_] = forest.predict_proba(features)
    return np.asarray((shares * FEWER + 1 / classes) / (FEWER + 1), dtype=np.float32)


def _forest(
    features: npt.NDArray[np.float32],
    labels: npt.NDArray[np.int64],
    train: npt.NDArray[np.int64],
    trees: int,
    seed: int,
) -> RandomForestClassifier:
    return RandomForestClassifier(trees, random_state=seed, n_jobs=1).fit(
        features[train], labels[train]
    )
