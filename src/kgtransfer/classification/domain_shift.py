"""How much a data set differs from the one that was learned from, told without any label."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["domain_shift_weight"]

MIN_WEIGHT = 0.2
"""Chosen leaving one laboratory of blood cells out: .01 and .05 lose where axioms fail, .5 where
they hold (`docs/experiments.md`)."""
FOLDS = 5
MIN_SAMPLES = 4 * FOLDS  # of either set, below which nothing can be told


def domain_shift_weight(source: Floats, target: Floats, *, seed: int = 0) -> float:
    """Features of two domains -> how much what was learned on one counts on the other, .2 to 1.

    A classifier learns to tell the sets apart (Lopez-Paz and Oquab, ICLR 2017, arXiv 1610.06545).
    With A its cross-validated area under the ROC curve, the weight is 2 (1 - A): 1 where the sets
    cannot be told apart; never below .2, for what tells domains apart need not be what tells
    classes apart. 1 where there are too few samples.

    Args:
        source: features of training samples, `[n, d]`.
        target: features of the others, `[m, d]`; never their labels.
        seed: of the folds and of the draw that brings both sets to one size.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    size = min(len(source), len(target))
    if size < MIN_SAMPLES:
        return 1.0
    random = np.random.default_rng(seed)
    features = np.concatenate(
        [domain[random.permutation(len(domain))[:size]] for domain in (source, target)]
    )
    domains = np.repeat([0, 1], size)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1e-3, max_iter=500))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    scores = cross_val_predict(model, features, domains, cv=folds, method="decision_function")
    return float(np.clip(2 * (1 - roc_auc_score(domains, scores)), MIN_WEIGHT, 1))
