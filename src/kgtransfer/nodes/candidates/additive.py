"""Candidates that are no regression: what knowledge says is added to their log-probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from kgtransfer.nodes.candidates.base import NO_TERMS, FittedCandidate
from kgtransfer.nodes.features.propagation import propagated
from kgtransfer.nodes.heads.forest import forest_shares
from kgtransfer.nodes.heads.head import fit_prior

if TYPE_CHECKING:
    import numpy.typing as npt
    import scipy.sparse as sp

    from kgtransfer.nodes.candidates.base import Floats, Ints, Option, Terms

__all__ = ["ClassNames", "Forest", "LabelPropagation"]

HOPS = 30  # of labels over the graph: they travel as far as they reach
PRIOR_COUNT = 0.01  # labels of each class that a node starts with, so that no logarithm is endless


class _Fits(Protocol):
    def fit(self, option: Option, train: Ints, terms: Terms = ...) -> FittedCandidate: ...


def _fitted_anew(
    self: _Fits,
    option: Option,
    train: Ints,
    fitted: FittedCandidate,  # noqa: ARG001
    terms: Terms,
) -> FittedCandidate:
    """See `Candidate.beside`: terms change nothing that is learned here."""
    return self.fit(option, train, terms)


@dataclass(frozen=True, eq=False)
class ClassNames:
    """The names of classes against the texts of rows; labels weigh the evidence, no more.

    Attributes:
        fit_of_names: z, `[N, classes]`.
        labels: `[N]`.
    """

    fit_of_names: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]
    name: str = "class names"
    options: Sequence[Option] = ({},)
    takes_blocks: bool = False

    def fit(self, option: Option, train: Ints, terms: Terms = NO_TERMS) -> FittedCandidate:
        """See `Candidate`. The weight is 1 where labels are none, or speak against the names."""
        rows = self.fit_of_names[train]
        weight = (fit_prior(rows, self.labels[train]) if len(train) else 0.0) or 1.0
        return _with(np.float32(weight) * self.fit_of_names, terms)

    beside = _fitted_anew


@dataclass(frozen=True, eq=False)
class LabelPropagation:
    """Personalised PageRank of the training labels (Zhou et al., NIPS 2003).

    Attributes:
        operator: P, `[N, N]`.
        labels: `[N]`.
        classes: their number.
    """

    operator: sp.csr_array
    labels: npt.NDArray[np.int64]
    classes: int
    name: str = "label propagation"
    options: Sequence[Option] = tuple(
        {"teleport": teleport, "sharpness": sharpness}
        for teleport in (0.1, 0.02, 0.3)
        for sharpness in (1.0, 0.5, 2.0)
    )
    takes_blocks: bool = False

    def fit(self, option: Option, train: Ints, terms: Terms = NO_TERMS) -> FittedCandidate:
        """See `Candidate`."""
        targets = np.zeros((len(self.labels), self.classes), dtype=np.float32)
        targets[train, self.labels[train]] = 1.0
        reached = propagated(self.operator, targets, option["teleport"], HOPS)
        frequent = (targets.sum(axis=0) + 1.0) / (len(train) + self.classes)
        shares = reached + PRIOR_COUNT * frequent
        shares /= shares.sum(axis=1, keepdims=True)
        return _with(np.float32(option["sharpness"]) * np.log(shares), terms)

    beside = _fitted_anew


@dataclass(frozen=True, eq=False)
class Forest:
    """A random forest (Breiman, 2001).

    Attributes:
        features: `[N, d]`.
        labels: `[N]`.
        classes: their number.
        seed: of the trees.
    """

    features: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]
    classes: int
    seed: int
    name: str = "forest"
    options: Sequence[Option] = tuple({"sharpness": sharpness} for sharpness in (1.0, 1.5, 2.0))
    takes_blocks: bool = False
    _grown: dict[bytes, Floats] = field(default_factory=dict, repr=False)

    def fit(self, option: Option, train: Ints, terms: Terms = NO_TERMS) -> FittedCandidate:
        """See `Candidate`."""
        key = train.tobytes()
        if key not in self._grown:
            self._grown[key] = np.log(
                forest_shares(self.features, self.labels, train, self.classes, seed=self.seed)
            )
        return _with(np.float32(option["sharpness"]) * self._grown[key], terms)

    beside = _fitted_anew


def _with(logits: Floats, terms: Terms) -> FittedCandidate:
    assert not terms.blocks
    logits = logits.astype(np.float32, copy=False)
    return FittedCandidate(logits if terms.offset is None else logits + terms.offset)
