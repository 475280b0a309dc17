"""A convex head over gated blocks of node features; every gate is 0 until held-out labels open it.

    logits = b + sum_r g_r x_r W_r + lambda z,   W = 0 and g = 0 at the start

x_r are blocks of features, z a prior over classes that no label has touched. Gates, strength and
spread are chosen by cross-validation within the training nodes; nothing else is looked at.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from kgtransfer.conditioning.kernels import propagated
from kgtransfer.data.node_splits import FOLDS, folds

if TYPE_CHECKING:
    import numpy.typing as npt
    import scipy.sparse as sp

__all__ = [
    "Blocks",
    "HeadSettings",
    "NodeHead",
    "choose_settings",
    "fit_head",
    "fit_prior",
    "fit_softmax",
    "spread_labels",
]

Blocks = Mapping[str, "npt.NDArray[np.float32]"]

STRENGTHS = (1.0, 3.0, 10.0, 30.0, 100.0)
SPREADS = (1.0, 0.5, 0.3, 0.1)
MOST = 4000  # training nodes that settings are chosen on
HELD_OUT = 500  # nodes that settings are compared on, where there are so many
LEAST = 2e-3  # gain in held-out log-likelihood a label below which no further gate opens


@dataclass(frozen=True)
class HeadSettings:
    """What cross-validation chooses.

    Attributes:
        gates: block -> scale; what is not named is shut.
        strength: C of the L2 penalty |W|^2 / 2C: larger trusts the labels more.
        spread: teleport of the predictions' last propagation over the graph; 1 is none.
    """

    gates: Mapping[str, float] = field(default_factory=dict)
    strength: float = 3.0
    spread: float = 1.0


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
        found: npt.NDArray[np.float32] = self.weights[:1]
        row = 1
        for name, gate in self.settings.gates.items():
            width = blocks[name].shape[1]
            found = found + gate * (blocks[name] @ self.weights[row : row + width])
            row += width
        return found if prior is None else found + np.float32(self.prior_weight) * prior


def fit_softmax(
    features: npt.NDArray[np.float32],
    targets: npt.NDArray[np.int64],
    classes: int,
    strength: float,
    offset: npt.NDArray[np.float32] | None = None,
) -> npt.NDArray[np.float32]:
    """Multinomial logistic regression by L-BFGS, from zero.

        min_W  - sum_i log softmax(b + x_i W + o_i)[y_i] + |W|^2 / 2C

    Args:
        features: x, `[n, d]`.
        targets: y, `[n]`.
        classes: their number.
        strength: C; b is free.
        offset: o, `[n, classes]`, constant logits.

    Returns:
        `[1 + d, classes]`, b in the first row.
    """
    x = np.hstack([np.ones((len(features), 1)), features.astype(np.float64)])
    wanted = np.zeros((len(targets), classes))
    wanted[np.arange(len(targets)), targets] = 1.0
    given = 0.0 if offset is None else offset.astype(np.float64)
    penalty = np.full((x.shape[1], 1), 1.0 / strength)
    penalty[0] = 1e-6

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights = flat.reshape(-1, classes)
        logs = log_softmax(x @ weights + given, axis=1)
        value = -(wanted * logs).sum() + 0.5 * (penalty * weights**2).sum()
        slope = x.T @ (np.exp(logs) - wanted) + penalty * weights
        return float(value), slope.ravel()

    start = np.zeros(x.shape[1] * classes)
    options = {"maxiter": 100, "ftol": 1e-6, "gtol": 1e-3}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
    weights: npt.NDArray[np.float32] = found.x.reshape(-1, classes).astype(np.float32)
    return weights


def fit_prior(
    prior: npt.NDArray[np.float32], targets: npt.NDArray[np.int64], doubt: float = 1.0
) -> float:
    """lambda of a prior by the labels that it has never seen; 0 where they disagree with it.

    max_lambda >= 0   sum_i log softmax(lambda z_i)[y_i] - doubt * lambda^2 / 2
    """
    grid = np.concatenate([[0.0], np.geomspace(0.05, 8.0, 40)])
    rows = np.arange(len(targets))
    scores = [
        log_softmax(weight * prior, axis=1)[rows, targets].sum() - doubt * weight**2 / 2
        for weight in grid
    ]
    return float(grid[int(np.argmax(scores))])


def fit_head(
    blocks: Blocks,
    labels: npt.NDArray[np.int64],
    train: npt.NDArray[np.int64],
    classes: int,
    settings: HeadSettings,
    prior: npt.NDArray[np.float32] | None = None,
) -> NodeHead:
    """Fit the head on the training nodes with given settings."""
    parts = [gate * blocks[name][train] for name, gate in settings.gates.items()]
    features = np.hstack(parts) if parts else np.zeros((len(train), 0), dtype=np.float32)
    weight = 0.0 if prior is None else fit_prior(prior[train], labels[train])
    offset = None if prior is None else np.float32(weight) * prior[train]
    weights = fit_softmax(features, labels[train], classes, settings.strength, offset)
    return NodeHead(settings, weights, weight)


def spread_labels(
    operator: sp.csr_array,
    chances: npt.NDArray[np.float32],
    labels: npt.NDArray[np.int64],
    train: npt.NDArray[np.int64],
    teleport: float,
) -> npt.NDArray[np.float32]:
    """Predictions with training labels put in, propagated over the graph, `[N, classes]`.

    The last step of Correct and Smooth (Huang et al., ICLR 2021).
    """
    if teleport >= 1:
        return chances
    known = chances.astype(np.float32, copy=True)
    known[train] = 0.0
    known[train, labels[train]] = 1.0
    return propagated(operator, known, teleport)


class _Validation:
    """Held-out log-likelihood of settings, over the folds of the training nodes."""

    def __init__(
        self,
        blocks: Blocks,
        labels: npt.NDArray[np.int64],
        train: npt.NDArray[np.int64],
        classes: int,
        seed: int,
        prior: npt.NDArray[np.float32] | None,
    ) -> None:
        self.blocks, self.labels, self.classes, self.prior = blocks, labels, classes, prior
        # A part of many nodes says enough by itself.
        needed = min(FOLDS, math.ceil(HELD_OUT * FOLDS / len(train)))
        self.folds = list(folds(labels, train, seed))[:needed]
        self._known: dict[str, npt.NDArray[np.float32]] = {}

    def score(self, settings: HeadSettings) -> float:
        """Mean log-likelihood of held-out labels, without spread."""
        return float(self._logs(settings).mean())

    def gains(self, wider: HeadSettings, settings: HeadSettings) -> bool:
        """Whether one is better than the other by more than a standard error of the difference."""
        gain = self._logs(wider) - self._logs(settings)
        return bool(gain.mean() > max(LEAST, gain.std() / np.sqrt(len(gain))))

    def _logs(self, settings: HeadSettings) -> npt.NDArray[np.float32]:
        """`[held-out nodes]`."""
        key = repr(settings)
        if key not in self._known:
            self._known[key] = np.concatenate(self._by_fold(settings))
        return self._known[key]

    def _by_fold(self, settings: HeadSettings) -> list[npt.NDArray[np.float32]]:
        found = []
        for fitted, held in self.folds:
            head = fit_head(self.blocks, self.labels, fitted, self.classes, settings, self.prior)
            rows = {name: self.blocks[name][held] for name in settings.gates}
            logits = head.logits(rows, None if self.prior is None else self.prior[held])
            logs = log_softmax(logits, axis=1)
            found.append(logs[np.arange(len(held)), self.labels[held]])
        return found

    def right(
        self, settings: HeadSettings, operator: sp.csr_array, spreads: tuple[float, ...]
    ) -> dict[float, float]:
        """Share of held-out nodes named rightly after each spread."""
        counts = dict.fromkeys(spreads, 0.0)
        total = sum(len(held) for _, held in self.folds)
        for fitted, held in self.folds:
            head = fit_head(self.blocks, self.labels, fitted, self.classes, settings, self.prior)
            chances = softmax(head.logits(self.blocks, self.prior), axis=1)
            for spread in spreads:
                after = spread_labels(operator, chances, self.labels, fitted, spread)[held]
                counts[spread] += float((after.argmax(axis=1) == self.labels[held]).sum()) / total
        return counts


def choose_settings(
    blocks: Blocks,
    labels: npt.NDArray[np.int64],
    train: npt.NDArray[np.int64],
    classes: int,
    operator: sp.csr_array,
    *,
    seed: int,
    prior: npt.NDArray[np.float32] | None = None,
    one: bool = False,
) -> HeadSettings:
    """Gates one by one, then strength, then spread, each by cross-validation on training nodes.

    The block that says most by itself opens first; others follow, best first, as long as each adds
    more to the log-likelihood of held-out labels than a standard error.

    Args:
        blocks: features, `[N, width]` each.
        labels: `[N]`; only those of `train` are looked at.
        train: training nodes.
        classes: their number.
        operator: P of the spread, `[N, N]`.
        seed: of the folds.
        prior: `[N, classes]`.
        one: open the best block alone and spread nothing: the linear baseline.
    """
    if len(train) > MOST:
        train = np.random.default_rng((seed, 7)).permutation(train)[:MOST]
    check = _Validation(blocks, labels, train, classes, seed, prior)
    alone = {name: check.score(HeadSettings({name: 1.0}, 10.0)) for name in blocks}
    order = sorted(blocks, key=lambda name: -alone[name])
    best = HeadSettings({order[0]: 1.0})
    best = _stronger(check, best)
    if one:
        return best
    for name in order[1:]:
        wider = replace(best, gates={**best.gates, name: 1.0})
        if check.gains(wider, best):
            best = wider
    best = _stronger(check, best)
    shares = check.right(best, operator, SPREADS)
    return replace(best, spread=max(SPREADS, key=lambda spread: (shares[spread], spread)))


def _stronger(check: _Validation, settings: HeadSettings) -> HeadSettings:
    """The same gates with the best strength."""
    options = [replace(settings, strength=c) for c in STRENGTHS]
    return max(options, key=check.score)
