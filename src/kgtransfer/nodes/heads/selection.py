"""Which gates of a head open, how strongly it trusts labels, and how far predictions spread.

Everything is chosen by cross-validation within the training nodes; nothing else is looked at.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import log_softmax, softmax

from kgtransfer.nodes.data.splits import FOLDS, folds
from kgtransfer.nodes.heads.head import HeadSettings, fit_head, fit_softmax, spread_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import scipy.sparse as sp

    from kgtransfer.nodes.heads.head import Blocks, Fit, NodeHead

__all__ = [
    "HELD_OUT",
    "MIN_GAIN",
    "PRIORS",
    "Validation",
    "choose_gates",
    "choose_spread",
    "selection_nodes",
]

STRENGTHS = (1.0, 3.0, 10.0, 30.0, 100.0)
SPREADS = (1.0, 0.5, 0.3, 0.1)
PRIORS = (1.0, 0.5, 0.25, 0.1)
MAX_NODES = 4000  # training nodes that settings are chosen on
HELD_OUT = 500  # nodes that settings are compared on, where there are so many
MIN_GAIN = 2e-3  # gain in held-out log-likelihood a label below which no further gate opens


class Validation:
    """Held-out log-likelihood of settings, over the folds of the training nodes.

    Args:
        blocks: features, `[N, width]` each.
        labels: `[N]`.
        train: training nodes.
        classes: their number.
        seed: of the folds.
        prior: `[N, classes]`, if any.
        fit: what fits the weights of heads.
        groups: `[N]`, of each node, that no fold divides; none by default.
    """

    def __init__(
        self,
        blocks: Blocks,
        labels: npt.NDArray[np.int64],
        train: npt.NDArray[np.int64],
        classes: int,
        seed: int,
        prior: npt.NDArray[np.float32] | None,
        fit: Fit = fit_softmax,
        groups: Sequence[int] = (),
    ) -> None:
        self.blocks, self.labels, self.classes, self.prior = blocks, labels, classes, prior
        self._fit = fit
        # A part of many nodes says enough by itself.
        needed = min(FOLDS, math.ceil(HELD_OUT * FOLDS / len(train)))
        self.folds = list(folds(labels, train, seed, groups=groups))[:needed]
        self._cached_logs: dict[str, npt.NDArray[np.float32]] = {}
        self._heads: dict[tuple[int, tuple[str, ...], bool], NodeHead] = {}

    def score(self, settings: HeadSettings) -> float:
        """Mean log-likelihood of held-out labels, without spread."""
        return float(self._logs(settings).mean())

    def gains(self, wider: HeadSettings, settings: HeadSettings) -> bool:
        """Whether one is better than the other by more than a standard error of the difference."""
        gain = self._logs(wider) - self._logs(settings)
        return bool(gain.mean() > max(MIN_GAIN, gain.std() / np.sqrt(len(gain))))

    def _logs(self, settings: HeadSettings) -> npt.NDArray[np.float32]:
        """`[held-out nodes]`."""
        key = repr(settings)
        if key not in self._cached_logs:
            self._cached_logs[key] = np.concatenate(self._by_fold(settings))
        return self._cached_logs[key]

    def _by_fold(self, settings: HeadSettings) -> list[npt.NDArray[np.float32]]:
        parts = []
        for fold, (_, held) in enumerate(self.folds):
            head = self._fitted(settings, fold)
            rows = {name: self.blocks[name][held] for name in settings.gates}
            logits = head.logits(rows, None if self.prior is None else self.prior[held])
            logs = log_softmax(logits, axis=1)
            parts.append(logs[np.arange(len(held)), self.labels[held]])
        return parts

    def _fitted(self, settings: HeadSettings, fold: int) -> NodeHead:
        """A head fitted on a fold's training nodes, from where one that is like it ended.

        Without a prior that is one without: so it does not depend on what the prior says.
        """
        gates, has_prior = tuple(settings.gates), self.prior is not None and settings.prior > 0
        alike = (gates, has_prior), (gates[:-1], has_prior), (gates, False)
        start = next((self._heads[fold, *at] for at in alike if (fold, *at) in self._heads), None)
        head = fit_head(
            self.blocks, self.labels, self.folds[fold][0], self.classes, settings, self.prior,
            start, self._fit,
        )  # fmt: skip
        self._heads[fold, gates, has_prior] = head
        return head

    def accuracies(
        self, settings: HeadSettings, operator: sp.csr_array, spreads: tuple[float, ...]
    ) -> dict[float, float]:
        """Share of held-out nodes named rightly after each spread."""
        counts = dict.fromkeys(spreads, 0.0)
        total = sum(len(held) for _, held in self.folds)
        for fold, (fitted, held) in enumerate(self.folds):
            head = self._fitted(settings, fold)
            probabilities = softmax(head.logits(self.blocks, self.prior), axis=1)
            for spread in spreads:
                after = spread_labels(operator, probabilities, self.labels, fitted, spread)[held]
                counts[spread] += float((after.argmax(axis=1) == self.labels[held]).sum()) / total
        return counts


def selection_nodes(train: npt.NDArray[np.int64], seed: int) -> npt.NDArray[np.int64]:
    """Training nodes -> those that settings are chosen on: all, or a random part of very many."""
    if len(train) <= MAX_NODES:
        return train
    return np.random.default_rng((seed, 7)).permutation(train)[:MAX_NODES]


def choose_gates(
    blocks: Blocks,
    labels: npt.NDArray[np.int64],
    train: npt.NDArray[np.int64],
    classes: int,
    *,
    seed: int,
    prior: npt.NDArray[np.float32] | None = None,
    best_alone: bool = False,
    fit: Fit = fit_softmax,
    groups: Sequence[int] = (),
) -> HeadSettings:
    """Blocks and training labels -> open gates and strength, each by cross-validation.

    The block that says most by itself opens first; then the prior and the other blocks, best first,
    each if it adds more to the log-likelihood of held-out labels than a standard error.

    Args:
        blocks: features, `[N, width]` each; only rows of `selection_nodes` are read.
        labels: `[N]`; only those of `train` are looked at.
        train: training nodes.
        classes: their number.
        seed: of the folds.
        prior: `[N, classes]`.
        best_alone: open the best block and no other: the linear baseline.
        fit: what fits the weights of heads.
        groups: `[N]`, of each node, that no fold divides; none by default.
    """
    nodes = selection_nodes(train, seed)
    check = Validation(blocks, labels, nodes, classes, seed, prior, fit, groups)
    alone = {name: check.score(HeadSettings({name: 1.0}, 10.0, prior=0)) for name in blocks}
    order = sorted(blocks, key=lambda name: -alone[name])
    best = _stronger(check, HeadSettings({order[0]: 1.0}, prior=0))
    if best_alone:
        return best
    if prior is not None:
        wider = max((replace(best, prior=share) for share in PRIORS), key=check.score)
        best = wider if check.gains(wider, best) else best
    for name in order[1:]:
        wider = replace(best, gates={**best.gates, name: 1.0})
        if check.gains(wider, best):
            best = wider
    return _stronger(check, best)


def choose_spread(
    settings: HeadSettings,
    blocks: Blocks,
    labels: npt.NDArray[np.int64],
    train: npt.NDArray[np.int64],
    classes: int,
    operator: sp.csr_array,
    *,
    seed: int,
    prior: npt.NDArray[np.float32] | None = None,
    fit: Fit = fit_softmax,
    groups: Sequence[int] = (),
) -> HeadSettings:
    """Settings -> the same with the spread over P that names most held-out nodes rightly.

    Args as for `choose_gates`; of the blocks whose gate is open all rows are read.
    """
    nodes = selection_nodes(train, seed)
    check = Validation(blocks, labels, nodes, classes, seed, prior, fit, groups)
    accuracies = check.accuracies(settings, operator, SPREADS)
    return replace(settings, spread=max(SPREADS, key=lambda spread: (accuracies[spread], spread)))


def _stronger(check: Validation, settings: HeadSettings) -> HeadSettings:
    """The same gates with the best strength."""
    options = [replace(settings, strength=c) for c in STRENGTHS]
    return max(options, key=check.score)
