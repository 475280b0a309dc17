"""Regressions that go on learning from their own surest answers in a domain without labels.

Half of the samples of each answered class, the surest first, teach as if they had been labelled
so, and what is read of a sample is standardised within its own domain (Lee, Pseudo-Label, ICML
workshop 2013; balanced by class as in Zou et al., ECCV 2018, arXiv 1810.07911).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.classification.regression import regression

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from kgtransfer.classification.outcomes.outcome import Outcome

    Floats = npt.NDArray[np.float64]

__all__ = ["Paired", "self_trained", "standardised"]

ROUNDS = 3
SHARE = 0.5  # of the samples of an answered class that teach
CONSTANT = 1e-9  # deviation of what is the same in all samples


@dataclass(frozen=True)
class Paired:
    """The same of two domains.

    Attributes:
        labelled: `[n, width]` of the labelled samples.
        target: `[m, width]` of the samples of the domain that is adapted to.
    """

    labelled: Floats
    target: Floats


def self_trained(
    read: Sequence[Paired],
    known: Paired,
    targets: npt.NDArray[Any],
    start: Floats,
    outcome: Outcome,
) -> Floats:
    """Regressions on what was read -> their logits in the target domain, `[m, logits]`.

    Args:
        read: of samples, standardised, see `standardised`.
        known: logits that stay as they are.
        targets: encoded labels of the labelled samples.
        start: the first answers in the target domain, `[m, logits]`.
        outcome: what the labels are, fitted to the labelled ones.
    """
    labelled = np.hstack([each.labelled for each in read])
    target = np.hstack([each.target for each in read])
    answers, learned = start, np.zeros_like(start)
    for _ in range(ROUNDS):
        rows, guessed = outcome.surest(answers, SHARE)
        labels = np.concatenate([targets, guessed])
        offset = outcome.supervised(np.vstack([known.labelled, known.target[rows]]), labels)
        slopes, intercepts = regression(
            np.vstack([labelled, target[rows]]), labels, offset, outcome
        )
        learned = target @ slopes + intercepts
        answers = known.target + learned
    return np.asarray(learned)


def standardised(features: Floats, domain: Floats) -> Floats:
    """Features `[n, width]` by mean and deviation of their domain's `[m, width]`.

    All of them together share one unit of variance, so that one penalty fits few and many.
    """
    deviation = domain.std(axis=0)
    scale = np.where(deviation > CONSTANT, deviation, 1.0) * np.sqrt(max(1, features.shape[1]))
    return np.asarray((features - domain.mean(axis=0)) / scale)
