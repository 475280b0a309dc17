"""Logit terms: what is known of a sample's class before a network reads its inputs.

Terms add up, each fitted to what those before it leave open, and the network last of all: a
product of experts (Hinton, Neural Computation 14, 2002) in which what is known comes first.
Of a class without a sample nothing is learned, neither for it nor against it: only terms that
need no labels score it, so that a class can be added by its axioms alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy.optimize import minimize, minimize_scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import numpy.typing as npt

    from kgtransfer.classification.samples import Samples
    from kgtransfer.conditioning.axiom_prior import AxiomPrior

    Floats = npt.NDArray[np.float64]

__all__ = [
    "LOGIT_TERMS",
    "RESTORED_TERMS",
    "AxiomTerm",
    "LogitTerm",
    "MeasureTerm",
    "fit_logit_terms",
    "fitted_weight",
    "regression",
    "with_samples",
]

ABSENT = -1e4
"""Logit of a class that has no sample, while something is learned."""

RIDGE = 1.0
"""Penalty on squared slopes of a regression, beside the sum of log losses."""


class LogitTerm(Protocol):
    """Scores classes by what was measured in samples."""

    def __call__(self, samples: Samples) -> Floats:
        """`[samples, classes]`, to be added to the logits of others."""
        ...

    @property
    def weight(self) -> float:
        """Of the gate through which it enters: 0 where it is closed."""
        ...

    def state(self) -> dict[str, Floats]:
        """What was learned, by name."""
        ...


@dataclass(frozen=True)
class AxiomTerm:
    """lambda times the axioms' log-linear score."""

    prior: AxiomPrior
    weight: float

    @classmethod
    def fitted(cls, samples: Samples, offset: Floats, prior: AxiomPrior) -> AxiomTerm:
        """With the lambda that labels speak for; without any, attributes count as independent."""
        most = float(len(prior.tables))
        if not len(samples):
            return cls(prior, most)
        scores, offset = prior.scores(samples.observed), with_samples(offset, samples.targets)

        def logits(weight: float) -> Floats:
            return offset + prior.by_label(weight * scores)

        return cls(prior, fitted_weight(logits, samples.targets, most=most))

    @classmethod
    def with_learned_table(cls, samples: Samples, offset: Floats, prior: AxiomPrior) -> AxiomTerm:
        """The same scorer without axioms: how often classes show values is counted in the labels.

        A control: what the ontology says against what the same few labels say by themselves.
        """
        return cls.fitted(samples, offset, prior.learned(samples.observed, samples.targets))

    def state(self) -> dict[str, Floats]:
        """The weight."""
        return {"weight": np.array(self.weight)}

    def __call__(self, samples: Samples) -> Floats:
        """`[samples, classes]`."""
        nothing = np.zeros((len(samples), self.prior.labels))
        return self.prior.combined(nothing, samples.observed, self.weight)


@dataclass(frozen=True)
class MeasureTerm:
    """Multinomial logistic regression on what was measured: no graph.

    Attributes:
        slopes: `[measures, classes]`. intercepts: `[classes]`.
    """

    slopes: Floats
    intercepts: Floats

    @classmethod
    def fitted(cls, samples: Samples, offset: Floats, prior: AxiomPrior) -> MeasureTerm:  # noqa: ARG003
        """From the labels of a few samples, beside the logits of the terms before it."""
        offset = with_samples(offset, samples.targets)
        return cls(*regression(samples.measures, samples.targets, offset))

    @property
    def weight(self) -> float:
        """Root mean square of the slopes."""
        return float(np.sqrt(np.mean(self.slopes**2)))

    def state(self) -> dict[str, Floats]:
        """Slopes and intercepts."""
        return {"slopes": self.slopes, "intercepts": self.intercepts}

    def __call__(self, samples: Samples) -> Floats:
        """`[samples, classes]`."""
        return np.asarray(samples.measures @ self.slopes + self.intercepts)


LOGIT_TERMS: Mapping[str, Callable[[Samples, Floats, AxiomPrior], LogitTerm]] = {
    "axioms": AxiomTerm.fitted,
    "measures": MeasureTerm.fitted,
    "table": AxiomTerm.with_learned_table,
}


def fit_logit_terms(
    names: Iterable[str], samples: Samples, prior: AxiomPrior
) -> tuple[dict[str, LogitTerm], Floats]:
    """Names of terms -> the terms, each fitted to what those before it leave open, and their sum.

    Args:
        names: keys of `LOGIT_TERMS`, in the order of fitting.
        samples: with labels.
        prior: of the axioms.
    """
    offset = np.zeros((len(samples), prior.labels))
    terms: dict[str, LogitTerm] = {}
    for name in names:
        terms[name] = LOGIT_TERMS[name](samples, offset, prior)
        offset = offset + terms[name](samples)
    return terms, offset


RESTORED_TERMS: Mapping[str, Callable[[Mapping[str, Floats], AxiomPrior], LogitTerm]] = {
    "axioms": lambda state, prior: AxiomTerm(prior, float(state["weight"])),
    "measures": lambda state, prior: MeasureTerm(**state),
}
"""Name -> a term from what `state` gave; an axiom's table is the ontology's, not the file's."""


def with_samples(logits: Floats, targets: npt.NDArray[np.int64]) -> Floats:
    """Logits `[samples, classes]` under which no class is possible that has no sample."""
    absent = np.bincount(targets, minlength=logits.shape[1]) == 0
    return np.where(absent, ABSENT, logits)


def fitted_weight(
    logits: Callable[[float], Floats], targets: npt.NDArray[np.int64], *, most: float
) -> float:
    """The weight of knowledge under which labels are likeliest, between 0 and `most`.

    It stays 0 unless the labels are more likely with it by half the logarithm of their number: the
    price of a parameter (Schwarz, Annals of Statistics 6, 1978). Wrong scores close their own gate.

    Args:
        logits: weight -> `[samples, classes]`.
        targets: `[samples]`.
        most: for mean scores of attributes their number: then they count as independent.
    """

    def loss(weight: float) -> float:
        return _log_loss(logits(weight), targets)

    best = minimize_scalar(loss, bounds=(0.0, most), method="bounded")
    gained = loss(0.0) - float(best.fun)
    return float(best.x) if gained > 0.5 * np.log(len(targets)) else 0.0


def regression(
    features: Floats, targets: npt.NDArray[np.int64], offset: Floats
) -> tuple[Floats, Floats]:
    """Ridge-penalised multinomial logistic regression beside logits that stay as they are.

    Args:
        features: `[samples, features]`, standardised.
        targets: `[samples]`.
        offset: `[samples, classes]` logits.

    Returns:
        Slopes `[features, classes]` and intercepts `[classes]`, which are penalised too.
    """
    features = np.hstack([features, np.ones((len(features), 1))])
    truth = np.eye(offset.shape[1])[targets]
    shape = (features.shape[1], offset.shape[1])

    def loss(flat: Floats) -> tuple[float, Floats]:
        slopes = flat.reshape(shape)
        logits = offset + features @ slopes
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        gradient = features.T @ (shares - truth) + RIDGE * slopes
        return _log_loss(logits, targets) + RIDGE / 2 * float(flat @ flat), gradient.ravel()

    minimum = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B")
    slopes = minimum.x.reshape(shape)
    return slopes[:-1], slopes[-1]


def _log_loss(logits: Floats, targets: npt.NDArray[np.int64]) -> float:
    peak = logits.max(axis=1)
    total = np.log(np.exp(logits - peak[:, None]).sum(axis=1)) + peak
    return float((total - logits[np.arange(len(targets)), targets]).sum())
