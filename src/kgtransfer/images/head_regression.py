"""A network's head fitted to convergence on what its pre-trained layers give: no step is random."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

import numpy as np
import torch
from torch import nn

from kgtransfer.classification.regression import regression, ridge_for
from kgtransfer.errors import ConfigError
from kgtransfer.experiments.choice import folds_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.classification.outcomes.outcome import Outcome
    from kgtransfer.classification.samples import Samples
    from kgtransfer.images.network import ClassNetwork

    Floats = npt.NDArray[np.float64]

__all__ = ["fit_head_by_regression", "is_linear"]

CONSTANT = 1e-9  # deviation of features that are the same in all samples


def is_linear(head: object) -> TypeGuard[nn.Linear]:
    """Whether a head is a linear layer with a constant, which a regression can set."""
    return isinstance(head, nn.Linear) and head.bias is not None


def fit_head_by_regression(
    network: ClassNetwork, features: Floats, samples: Samples, offset: Floats, outcome: Outcome
) -> None:
    """Set a network's head to a ridge-penalised regression on features, in place.

    Features are standardised by the labelled samples, and share one unit of variance, so that one
    penalty fits few and many of them; which, held-out labels say. No deviation counts as less than
    the root mean square of all: a feature that happens to be nearly the same in a few samples
    would outweigh the others on all further ones.

    Args:
        network: whose head is a linear layer.
        features: `[samples, width]` that its other layers give.
        samples: with labels.
        offset: `[samples, logits]` of the terms before it; they stay as they are.
        outcome: what the labels are.

    Raises:
        ConfigError: the head is no linear layer.
    """
    head = network.backbone.get_classifier()
    if not is_linear(head):
        raise ConfigError(
            f"the head of the backbone is a {type(head).__name__}, which no regression can set",
            cure="leave out the candidates of the baseline that regress on features",
        )
    centre, deviation = features.mean(axis=0), features.std(axis=0)
    typical = max(CONSTANT, float(np.sqrt((deviation**2).mean())))
    scale = np.maximum(deviation, typical) * np.sqrt(features.shape[1])
    fitted, targets = outcome.fitted(samples.targets), samples.targets
    standardised = (features - centre) / scale
    folds = folds_of(len(samples), strata=outcome.strata(targets), groups=samples.group_list)
    ridge = ridge_for(standardised, targets, offset, fitted, folds)
    known = fitted.supervised(offset, targets)
    slopes, intercepts = regression(standardised, targets, known, fitted, ridge=ridge)
    weight = slopes / scale[:, None]
    with torch.no_grad():
        head.weight.copy_(torch.from_numpy(weight.T))
        head.bias.copy_(torch.from_numpy(intercepts - centre @ weight))
