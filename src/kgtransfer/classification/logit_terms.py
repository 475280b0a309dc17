"""Logit terms: what is known of a sample's label before a network reads its inputs.

Terms add up, each fitted to what those before it leave open, and the network last of all: a
product of experts (Hinton, Neural Computation 14, 2002) in which what is known comes first.
Of a class without a sample nothing is learned, neither for it nor against it: only terms that
need no labels score it, so that a class can be added by its axioms alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from scipy.optimize import minimize_scalar

from kgtransfer.classification.regression import regression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import numpy.typing as npt

    from kgtransfer.classification.outcomes.outcome import Loss, Outcome
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
]


class LogitTerm(Protocol):
    """Scores labels by what was measured in samples."""

    def __call__(self, samples: Samples) -> Floats:
        """`[samples, logits]`, to be added to the logits of others."""
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
    """lambda times what the axioms say.

    Attributes:
        prior: of the axioms.
        weight: lambda.
        outcome: says how the axioms' scores of classes speak for an answer.
        intercepts: `[logits]`, learned beside the weight; none where nothing was learned.
    """

    prior: AxiomPrior
    weight: float
    outcome: Outcome
    intercepts: Floats | None = None

    @classmethod
    def fitted(
        cls, samples: Samples, offset: Floats, prior: AxiomPrior, outcome: Outcome
    ) -> AxiomTerm:
        """With the lambda that labels speak for; without any, the axioms count in full."""
        most = outcome.full_weight(prior)
        if not len(samples) or not most:
            return cls(prior, most, outcome)
        evidence = outcome.evidence(prior, samples.observed)
        offset = outcome.supervised(offset, samples.targets)

        def intercepts(weight: float) -> Floats:
            return outcome.intercepts(offset + evidence(weight), samples.targets)

        def logits(weight: float) -> Floats:
            return offset + evidence(weight) + intercepts(weight)

        weight = fitted_weight(logits, samples.targets, outcome, most=most)
        return cls(prior, weight, outcome, intercepts(weight) if weight else None)

    @classmethod
    def with_learned_table(
        cls, samples: Samples, offset: Floats, prior: AxiomPrior, outcome: Outcome
    ) -> AxiomTerm:
        """The same scorer without axioms: how often classes show values is counted in the labels.

        A control: what the ontology says against what the same few labels say by themselves.
        """
        table = prior.learned(samples.observed, outcome.members(samples.targets))
        return cls.fitted(samples, offset, table, outcome)

    def state(self) -> dict[str, Floats]:
        """The weight, and intercepts where there are any."""
        learned = {} if self.intercepts is None else {"intercepts": self.intercepts}
        return {"weight": np.array(self.weight), **learned}

    def __call__(self, samples: Samples) -> Floats:
        """`[samples, logits]`; zeros where the gate is closed."""
        if not self.weight:
            return np.zeros((len(samples), len(self.outcome.targets.labels)))
        said = self.outcome.evidence(self.prior, samples.observed)(self.weight)
        return said if self.intercepts is None else said + self.intercepts


@dataclass(frozen=True)
class MeasureTerm:
    """A generalised linear regression on what was measured: no graph.

    Attributes:
        slopes: `[measures, logits]`. intercepts: `[logits]`.
    """

    slopes: Floats
    intercepts: Floats

    @classmethod
    def fitted(
        cls,
        samples: Samples,
        offset: Floats,
        prior: AxiomPrior,  # noqa: ARG003
        outcome: Outcome,
    ) -> MeasureTerm:
        """From the labels of a few samples, beside the logits of the terms before it."""
        offset = outcome.supervised(offset, samples.targets)
        return cls(*regression(samples.measures, samples.targets, offset, outcome))

    @property
    def weight(self) -> float:
        """Root mean square of the slopes."""
        return float(np.sqrt(np.mean(self.slopes**2)))

    def state(self) -> dict[str, Floats]:
        """Slopes and intercepts."""
        return {"slopes": self.slopes, "intercepts": self.intercepts}

    def __call__(self, samples: Samples) -> Floats:
        """`[samples, logits]`."""
        return np.asarray(samples.measures @ self.slopes + self.intercepts)


LOGIT_TERMS: Mapping[str, Callable[[Samples, Floats, AxiomPrior, Outcome], LogitTerm]] = {
    "axioms": lambda samples, offset, prior, outcome: AxiomTerm.fitted(
        samples, offset, prior.of_facts(), outcome
    ),
    "names": lambda samples, offset, prior, outcome: AxiomTerm.fitted(
        samples, offset, prior.of_names(), outcome
    ),
    "measures": MeasureTerm.fitted,
    "table": lambda samples, offset, prior, outcome: AxiomTerm.with_learned_table(
        samples, offset, prior.of_facts(), outcome
    ),
}
"""By name: what axioms say, what names of classes say, a regression on what was measured, and the
table of the axioms learned from labels."""


def fit_logit_terms(
    names: Iterable[str], samples: Samples, prior: AxiomPrior, outcome: Outcome
) -> tuple[dict[str, LogitTerm], Floats]:
    """Names of terms -> the terms, each fitted to what those before it leave open, and their sum.

    Args:
        names: keys of `LOGIT_TERMS`, in the order of fitting.
        samples: with labels.
        prior: of the axioms.
        outcome: what the labels are, fitted to those of the samples.
    """
    offset = np.zeros((len(samples), len(outcome.targets.labels)))
    terms: dict[str, LogitTerm] = {}
    for name in names:
        terms[name] = LOGIT_TERMS[name](samples, offset, prior, outcome)
        offset = offset + terms[name](samples)
    return terms, offset


RESTORED_TERMS: Mapping[str, Callable[[Mapping[str, Floats], AxiomPrior, Outcome], LogitTerm]] = {
    "axioms": lambda state, prior, outcome: AxiomTerm(
        prior.of_facts(), float(state["weight"]), outcome, state.get("intercepts")
    ),
    "names": lambda state, prior, outcome: AxiomTerm(
        prior.of_names(), float(state["weight"]), outcome, state.get("intercepts")
    ),
    "measures": lambda state, prior, outcome: MeasureTerm(**state),
}
"""Name -> a term from what `state` gave; an axiom's table is the ontology's, not the file's."""


def fitted_weight(
    logits: Callable[[float], Floats], targets: npt.NDArray[Any], loss: Loss, *, most: float
) -> float:
    """The weight of knowledge under which labels are likeliest, between 0 and `most`.

    It stays 0 unless the labels are more likely with it by half the logarithm of their number: the
    price of a parameter (Schwarz, Annals of Statistics 6, 1978). Wrong scores close their own gate.

    Args:
        logits: weight -> `[samples, logits]`.
        targets: encoded labels.
        loss: of the labels.
        most: for mean scores of attributes their number: then they count as independent.
    """

    def log_loss(weight: float) -> float:
        return loss.log_loss(logits(weight), targets)

    best = minimize_scalar(log_loss, bounds=(0.0, most), method="bounded")
    gained = log_loss(0.0) - float(best.fun)
    return float(best.x) if gained > 0.5 * np.log(targets.size) else 0.0
