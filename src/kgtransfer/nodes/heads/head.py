"""A convex head over gated blocks of node features; every gate is 0 until held-out labels open it.

    logits = b + sum_r g_r x_r W_r + lambda z,   W = 0 and g = 0 at the start

x_r are blocks of features, z a prior over classes that no label has touched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import minimize
from scipy.special import log_softmax

from kgtransfer.nodes.features.propagation import propagated

if TYPE_CHECKING:
    import numpy.typing as npt
    import scipy.sparse as sp

__all__ = [
    "Blocks",
    "Fit",
    "HeadSettings",
    "NodeHead",
    "best_prior",
    "fit_head",
    "fit_prior",
    "fit_softmax",
    "spread_labels",
]

PRIOR_WEIGHTS = np.concatenate([[0.0], np.geomspace(0.05, 8.0, 40)])
CURVATURE = 0.25  # about that of the loss in a logit
Blocks = Mapping[str, "npt.NDArray[np.float32]"]
Fit = Callable[..., "npt.NDArray[np.float32]"]
"""`fit_softmax`, or what stands for it."""


@dataclass(frozen=True)
class HeadSettings:
    """What cross-validation chooses.

    Attributes:
        gates: block -> scale; what is not named is shut.
        strength: C of the L2 penalty |W|^2 / 2C: larger trusts the labels more.
        spread: teleport of the predictions' last propagation over the graph; 1 is none.
        prior: share of the lambda that fits the prior best by itself; 0 shuts its gate.
    """

    gates: Mapping[str, float] = field(default_factory=dict)
    strength: float = 3.0
    spread: float = 1.0
    prior: float = 1.0


@dataclass(frozen=True, eq=False)
class NodeHead:
    """A fitted head.

    Attributes:
        settings: as chosen.
        weights: `[1 + sum of widths, classes]`, the first row is b.
        prior_weight: lambda.
    """

    settings: HeadSettings
    weights: npt.NDArray[np.float32]
    prior_weight: float = 0.0

    def logits(
        self, blocks: Blocks, prior: npt.NDArray[np.float32] | None = None
    ) -> npt.NDArray[np.float32]:
        """`[N, classes]`, before any spread."""
        logits: npt.NDArray[np.float32] = self.weights[:1]
        row = 1
        for name, gate in self.settings.gates.items():
            width = blocks[name].shape[1]
            logits = logits + gate * (blocks[name] @ self.weights[row : row + width])
            row += width
        return logits if prior is None else logits + np.float32(self.prior_weight) * prior


def fit_softmax(
    features: npt.NDArray[np.float32],
    targets: npt.NDArray[np.int64],
    classes: int,
    strength: float,
    offset: npt.NDArray[np.float32] | None = None,
    start: npt.NDArray[np.float32] | None = None,
) -> npt.NDArray[np.float32]:
    """Multinomial logistic regression by L-BFGS.

        min_W  - sum_i log softmax(b + x_i W + o_i)[y_i] + |W|^2 / 2C

    Args:
        features: x, `[n, d]`.
        targets: y, `[n]`.
        classes: their number.
        strength: C; b is free.
        offset: o, `[n, classes]`, constant logits.
        start: `[1 + d, classes]` to begin at; zeros by default.

    Returns:
        `[1 + d, classes]`, b in the first row.
    """
    x = np.hstack([np.ones((len(features), 1)), features.astype(np.float64)])
    penalty = np.full(x.shape[1], 1.0 / strength)
    penalty[0] = 1e-6
    # In coordinates W = U^-1 V with U^T U = a x^T x + penalty, near the Hessian, few steps do.
    upper = cholesky(CURVATURE * (x.T @ x) + np.diag(penalty))
    white = solve_triangular(upper, x.T, trans="T").T
    constant = 0.0 if offset is None else offset.astype(np.float64)
    rows = np.arange(len(targets))

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        moved = flat.reshape(-1, classes)
        own = white @ moved
        logits = own + constant
        logits -= logits.max(axis=1, keepdims=True)
        odds = np.exp(logits)
        total = odds.sum(axis=1, keepdims=True)
        value = np.log(total).sum() - logits[rows, targets].sum()
        value += 0.5 * ((moved**2).sum() - CURVATURE * (own**2).sum())
        slope = odds / total - CURVATURE * own
        slope[rows, targets] -= 1.0
        return float(value), (white.T @ slope + moved).ravel()

    first = np.zeros((x.shape[1], classes)) if start is None else upper @ start
    options = {"maxiter": 100, "ftol": 1e-6, "gtol": 1e-3}
    optimum = minimize(loss, first.ravel(), jac=True, method="L-BFGS-B", options=options)
    weights = solve_triangular(upper, optimum.x.reshape(-1, classes))
    return np.ascontiguousarray(weights, dtype=np.float32)


def fit_prior(
    prior: npt.NDArray[np.float32],
    targets: npt.NDArray[np.int64],
    doubt: float = 1.0,
    offset: npt.NDArray[np.float32] | None = None,
) -> float:
    """lambda of a prior by the labels that it has never seen; 0 where they disagree with it.

    max_lambda >= 0   sum_i log softmax(o_i + lambda z_i)[y_i] - doubt * lambda^2 / 2

    Args:
        prior: z, `[n, classes]`.
        targets: y, `[n]`.
        doubt: precision of a normal prior on lambda.
        offset: o, `[n, classes]`, which has not seen these labels either; zeros by default.
    """
    scores = _prior_scores(prior, targets, doubt, offset)
    return float(PRIOR_WEIGHTS[int(np.argmax(scores))])


def best_prior(
    priors: Mapping[str, npt.NDArray[np.float32]],
    labels: npt.NDArray[np.int64],
    train: npt.NDArray[np.int64],
) -> npt.NDArray[np.float32] | None:
    """Priors `[N, classes]` -> the one that training labels, which none has seen, speak for most.

    The first of those that they speak for as much; None of none.
    """
    support = {
        name: max(_prior_scores(prior[train], labels[train], 1.0)) for name, prior in priors.items()
    }
    return priors[max(support, key=support.__getitem__)] if support else None


def _prior_scores(
    prior: npt.NDArray[np.float32],
    targets: npt.NDArray[np.int64],
    doubt: float,
    offset: npt.NDArray[np.float32] | None = None,
) -> list[float]:
    rows, own = np.arange(len(targets)), 0.0 if offset is None else offset
    return [
        log_softmax(own + weight * prior, axis=1)[rows, targets].sum() - doubt * weight**2 / 2
        for weight in PRIOR_WEIGHTS
    ]


def fit_head(
    blocks: Blocks,
    labels: npt.NDArray[np.int64],
    train: npt.NDArray[np.int64],
    classes: int,
    settings: HeadSettings,
    prior: npt.NDArray[np.float32] | None = None,
    start: NodeHead | None = None,
    fit: Fit = fit_softmax,
) -> NodeHead:
    """Fit the head on the training nodes with given settings.

    Args:
        blocks: features of all nodes.
        labels: `[N]`.
        train: training nodes.
        classes: their number.
        settings: gates and strength.
        prior: `[N, classes]`.
        start: a head that was fitted with the same gates, or with all but the last of them: this
            one is not far from it.
        fit: what fits the weights.
    """
    parts = [gate * blocks[name][train] for name, gate in settings.gates.items()]
    features = np.hstack(parts) if parts else np.zeros((len(train), 0), dtype=np.float32)
    weight = 0.0
    if prior is not None and settings.prior:
        weight = settings.prior * fit_prior(prior[train], labels[train])
    # a prior that is shut is none: its zeros have signs, and a fit would be another one by them
    offset = None if prior is None or not weight else np.float32(weight) * prior[train]
    first = None
    if start is not None:
        first = np.zeros((1 + features.shape[1], classes), dtype=np.float32)
        first[: len(start.weights)] = start.weights
    weights = fit(features, labels[train], classes, settings.strength, offset, first)
    return NodeHead(settings, weights, weight)


def spread_labels(
    operator: sp.csr_array,
    probabilities: npt.NDArray[np.float32],
    labels: npt.NDArray[np.int64],
    train: npt.NDArray[np.int64],
    teleport: float,
) -> npt.NDArray[np.float32]:
    """Predictions with training labels put in, propagated over the graph, `[N, classes]`.

    The last step of Correct and Smooth (Huang et al., ICLR 2021).
    """
    if teleport >= 1:
        return probabilities
    targets = probabilities.astype(np.float32, copy=True)
    targets[train] = 0.0
    targets[train, labels[train]] = 1.0
    return propagated(operator, targets, teleport)
