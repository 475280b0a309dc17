from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.classification.outcomes.one_of import OneOf
from kgtransfer.classification.regression import regression, ridge_for
from kgtransfer.classification.targets import Targets
from kgtransfer.experiments.choice import folds_of

OUTCOME = OneOf(Targets(("a", "b"), ("e:A", "e:B"), (0, 1)))


def test_many_features_are_fitted_in_the_span_of_the_samples() -> None:
    """Features that are copied leave the logits of a regression with half the penalty."""
    random = np.random.default_rng(0)
    features, targets = random.normal(size=(8, 3)), np.arange(8) % 2
    nothing = np.zeros((8, 2))
    wide = np.hstack([features] * 4)
    slopes, intercepts = regression(wide, targets, nothing, OUTCOME)
    scaled, alone = regression(2 * features, targets, nothing, OUTCOME)
    assert slopes.shape == (12, 2)
    np.testing.assert_allclose(wide @ slopes + intercepts, 2 * features @ scaled + alone, atol=1e-3)


@pytest.mark.parametrize(("noise", "ridge"), [(0.1, 0.01), (50.0, 10.0)])
def test_held_out_labels_choose_the_penalty(noise: float, ridge: float) -> None:
    random = np.random.default_rng(0)
    targets = np.arange(40) % 2
    features = np.hstack([targets[:, None] - 0.5, noise * random.normal(size=(40, 30))])
    folds = folds_of(40, strata=targets.tolist())
    assert ridge_for(features / 6, targets, np.zeros((40, 2)), OUTCOME, folds) == ridge
    assert ridge_for(features, targets, np.zeros((40, 2)), OUTCOME, []) == 1.0
