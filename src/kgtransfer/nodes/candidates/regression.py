"""Regression on blocks of features, as a candidate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import softmax

from kgtransfer.nodes.candidates.base import NO_TERMS, FittedCandidate
from kgtransfer.nodes.heads.head import (
    HeadSettings,
    NodeHead,
    fit_prior,
    fit_softmax,
    spread_labels,
)

if TYPE_CHECKING:
    import numpy.typing as npt
    import scipy.sparse as sp

    from kgtransfer.nodes.candidates.base import Floats, Ints, Option, Terms
    from kgtransfer.nodes.heads.head import Blocks, Fit

__all__ = ["STRENGTHS", "Regression", "block_options"]

STRENGTHS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0)  # C; the first where labels choose nothing
SHARES = (1.0, 0.5, 0.25)  # of the weight that fits a prior best by itself
TINY = 1e-6  # probability that no class falls below where predictions spread


@dataclass(frozen=True, eq=False)
class _Read:
    """What a regression reads: gated blocks, constant logits `[N, classes]`, and the sharpness."""

    settings: HeadSettings
    blocks: Blocks
    offset: Floats | None
    sharpness: float


@dataclass(frozen=True, eq=False)
class Regression:
    """Multinomial logistic regression on one block of several, or on gated blocks.

    Attributes:
        name: see `Candidate`.
        blocks: features `[N, width]`, by name.
        labels: `[N]`; only those of the nodes that are fitted on are looked at.
        classes: their number.
        make_options: gives the options: fields of `HeadSettings`, and `sharpness`, by which
            logarithms of predictions that were spread are multiplied.
        prior: `[N, classes]` that no label has touched, beside the regression; not knowledge.
        operator: P over which predictions spread, where an option says so.
        fit_weights: what fits the weights.
    """

    name: str
    blocks: Blocks
    labels: npt.NDArray[np.int64]
    classes: int
    make_options: Callable[[], Sequence[Option]]
    prior: npt.NDArray[np.float32] | None = None
    operator: sp.csr_array | None = None
    fit_weights: Fit = fit_softmax
    takes_blocks: bool = True

    @property
    def options(self) -> Sequence[Option]:
        """See `Candidate`."""
        return self.make_options()

    def fit(self, option: Option, train: Ints, terms: Terms = NO_TERMS) -> FittedCandidate:
        """See `Candidate`; beside terms the regression learns what these leave open."""
        read = self._read(option, train, terms)
        parts = [gate * read.blocks[name][train] for name, gate in read.settings.gates.items()]
        features = np.hstack(parts) if parts else np.zeros((len(train), 0), dtype=np.float32)
        at_train = None if read.offset is None else read.offset[train]
        targets = self.labels[train]
        weights = self._fitted(features, targets, read.settings.strength, at_train)
        return self._predicted(read, weights, train)

    def beside(
        self, option: Option, train: Ints, fitted: FittedCandidate, terms: Terms
    ) -> FittedCandidate:
        """See `Candidate`."""
        assert fitted.weights is not None
        return self._predicted(self._read(option, train, terms), fitted.weights, train)

    def _read(self, option: Option, train: Ints, terms: Terms) -> _Read:
        fields = dict(option)
        sharpness = fields.pop("sharpness", 1.0)
        own = HeadSettings(**fields)
        blocks = {name: self.blocks[name] for name in own.gates} | dict(terms.blocks)
        settings = replace(own, gates={**own.gates, **dict.fromkeys(terms.blocks, 1.0)})
        offset = _sum(self._evidence(settings, train), terms.offset)
        return _Read(settings, blocks, offset, sharpness)

    def _predicted(self, read: _Read, weights: Floats, train: Ints) -> FittedCandidate:
        logits = NodeHead(read.settings, weights).logits(read.blocks)
        if not read.settings.gates:
            logits = np.tile(logits, (len(self.labels), 1))
        logits = logits if read.offset is None else logits + read.offset
        if self.operator is not None and read.settings.spread < 1:
            logits = read.sharpness * self._spread(logits, train, read.settings.spread)
        return FittedCandidate(np.asarray(logits, dtype=np.float32), weights)

    def _fitted(
        self, features: Floats, targets: Ints, strength: float, offset: Floats | None
    ) -> Floats:
        """Weights; of fewer nodes than features they lie in the span of these nodes' features."""
        if features.shape[1] <= len(features):
            return self.fit_weights(features, targets, self.classes, strength, offset)
        basis = np.linalg.qr(features.T.astype(np.float64))[0].astype(np.float32)
        within = self.fit_weights(features @ basis, targets, self.classes, strength, offset)
        weights: Floats = np.vstack([within[:1], basis @ within[1:]])
        return weights

    def _evidence(self, settings: HeadSettings, train: Ints) -> Floats | None:
        """The weighted prior; None where it is shut."""
        if self.prior is None or not settings.prior:
            return None
        weight = settings.prior * fit_prior(self.prior[train], self.labels[train])
        return np.float32(weight) * self.prior if weight else None

    def _spread(self, logits: Floats, train: Ints, teleport: float) -> Floats:
        assert self.operator is not None
        shares = spread_labels(self.operator, softmax(logits, axis=1), self.labels, train, teleport)
        shares = shares / np.maximum(shares.sum(axis=1, keepdims=True), TINY)
        spread: Floats = np.log(shares + TINY)
        return spread


def block_options(
    blocks: Blocks, strengths: Sequence[float] = STRENGTHS, *, shares: Sequence[float] = (0.0,)
) -> list[Option]:
    """Blocks of which one is read -> options: each with each strength and share of a prior."""
    return [
        {"gates": {name: 1.0}, "strength": strength, "prior": share}
        for name in blocks
        for share in shares
        for strength in strengths
    ]


def _sum(first: Floats | None, second: Floats | None) -> Floats | None:
    if first is None or second is None:
        return second if first is None else first
    return first + second
