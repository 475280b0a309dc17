"""`Adaptation`: a fitted method that goes on learning on each test set, without its labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic

import numpy as np

from kgtransfer.classification.label_propagation import propagated
from kgtransfer.classification.logit_terms import AxiomTerm
from kgtransfer.classification.network import M
from kgtransfer.classification.self_training import Paired, self_trained, standardised

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from kgtransfer.classification.model import Classifier
    from kgtransfer.classification.network import Learner
    from kgtransfer.classification.samples import Samples

    Floats = npt.NDArray[np.float64]

__all__ = ["PROPAGATES", "SELF_TRAINS", "Adaptation"]

SELF_TRAINS, PROPAGATES = "self_training", "label_propagation"
LEAST_TARGET = 100
"""Samples, in fewer of which neighbours say less than the labelled samples themselves."""


@dataclass(frozen=True)
class Adaptation(Generic[M]):
    """What self-training and label propagation read of samples.

    Attributes:
        learner: knows what a method's network is a regression on.
        source: samples of the domain that was learned from, whose labels are not used.
    """

    learner: Learner[M]
    source: Samples

    def parts(
        self,
        model: Classifier[Any],
        method: M,
        few: Samples,
        target: Samples,
        before: Floats,
        weights: tuple[float, float] = (1.0, 1.0),
    ) -> Floats:
        """`[2, samples, logits]`, as `Classifier.parts`: what axioms say, and what was learned.

        Without axioms all was learned, and stands first.

        Args:
            model: what was fitted; its axioms stay as they are.
            method: that it was fitted by.
            few: the labelled samples.
            target: of the domain that is adapted to.
            before: the model's parts there, as `Classifier.parts`.
            weights: how much axioms, and what was learned elsewhere, count there.
        """
        start = weights[0] * before[0] + weights[1] * before[1]
        terms = model.terms.values()
        axioms = [term for term in terms if isinstance(term, AxiomTerm) and term.weight]
        nothing = np.zeros_like(start)
        known = Paired(
            sum((term(few) for term in axioms), np.zeros((len(few), start.shape[1]))),
            weights[0] * sum((term(target) for term in axioms), nothing),
        )
        readers = self._readers(method)
        if method.adapts == PROPAGATES and len(target) < LEAST_TARGET:
            return np.stack([before[0], weights[1] * before[1]])
        if method.adapts == PROPAGATES:
            labelled, there = (np.hstack([of(each) for of in readers]) for each in (few, target))
            reached = propagated(labelled, there, model.outcome.masses(few.targets))
            learned = model.outcome.from_masses(reached, few.targets)
        else:
            read = [self._paired(of, few, target) for of in readers]
            learned = self_trained(read, known, few.targets, start, model.outcome)
        said = sum((term(target) for term in axioms), nothing)
        parts = [said, learned] if axioms else [learned, nothing]
        return model.outcome.in_units(np.stack(parts))

    def _readers(self, method: M) -> list[Callable[[Samples], Floats]]:
        readers: list[Callable[[Samples], Floats]] = []
        if "measures" in method.terms:
            readers.append(lambda samples: samples.measures)
        if self.learner.regressed(method, self.source[[0]]) is not None:
            readers.append(lambda samples: np.asarray(self.learner.regressed(method, samples)))
        return readers

    def _paired(self, of: Callable[[Samples], Floats], few: Samples, target: Samples) -> Paired:
        there = of(target)
        return Paired(standardised(of(few), of(self.source)), standardised(there, there))
