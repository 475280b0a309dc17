"""How far axioms hold in a data set, told without any label: what samples show against chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import softmax

from kgtransfer.grounding.observations import FLOOR, Observations

if TYPE_CHECKING:
    from kgtransfer.conditioning.axiom_prior import AxiomPrior

__all__ = ["attribute_agreement", "axiom_weight", "contradicted", "evidence_gain", "expected_gain"]

PLACEBOS = 10
DRAWS = 500
FULL = 1 / 3
"""Share of the evidence that axioms would give if they held and all was seen, from which on they
count in full. Attributes are no independent witnesses, and grounding errs: where blood cells are at
home it is .55."""
LEAST = 0.2
"""Nats below which axioms foretell nothing that could be checked, as with one attribute alone."""
MIN_SAMPLES = 20
CONTRADICTED = -0.05
"""Nats a sample below which an attribute speaks against the others rather than beside them."""


def axiom_weight(prior: AxiomPrior, observed: Observations) -> float:
    """How much axioms count in a data set, 0 to 1, by what its unlabelled samples show.

    True axioms find attributes together as their classes lead to expect; shuffled among the
    classes they do not. The weight is the evidence gained over shuffled ones relative to what they
    would gain if they held and all was seen, 1 from a third of it on. 1 where nothing can be told:
    below 20 samples, or where axioms foretell no two attributes together.

    Args:
        prior: of the axioms.
        observed: of the samples.
    """
    samples = len(next(iter(observed.weights.values()), ()))
    if not prior.tables or samples < MIN_SAMPLES:
        return 1.0
    expected = expected_gain(prior)
    if expected < LEAST:
        return 1.0
    return float(np.clip(evidence_gain(prior, observed) / (FULL * expected), 0, 1))


def evidence_gain(prior: AxiomPrior, observed: Observations) -> float:
    """Mean log evidence of samples under axioms, less that under shuffled ones, in nats."""
    placebos = (prior.shuffled(seed).log_evidence(observed).mean() for seed in range(PLACEBOS))
    return float(prior.log_evidence(observed).mean() - np.mean(list(placebos)))


def expected_gain(prior: AxiomPrior) -> float:
    """The gain in samples of all classes alike that show plainly what the axioms say of them."""
    random = np.random.default_rng(0)
    classes = random.integers(len(prior.classes), size=DRAWS)
    values, weights = {}, {}
    for attribute, (held, table) in prior.tables.items():
        beyond = random.random(DRAWS)[:, None] > table.cumsum(axis=1)[classes]
        shown = beyond.sum(axis=1).clip(max=len(held) - 1)
        evidence = np.eye(len(held))[shown] + FLOOR
        values[attribute] = held
        weights[attribute] = evidence / evidence.sum(axis=1, keepdims=True)
    return evidence_gain(prior, Observations(values, weights))


def attribute_agreement(prior: AxiomPrior, observed: Observations) -> dict[str, float]:
    """Attribute -> how much better its values are foretold once the others were seen, in nats.

    The mean over samples of log p(value | the others) / p(value), with classes in between, as the
    axioms say. Below 0 the attribute contradicts the others in this data set: its measure, or what
    the axioms say of it, does not hold there. No label is looked at.

    Args:
        prior: of the axioms.
        observed: of the samples.
    """
    evidence = prior.by_attribute(observed, even=True)
    total = np.sum(list(evidence.values()), axis=0)
    agreement = {}
    for attribute, own in evidence.items():
        others = softmax(total - own, axis=1)
        likelihood = np.exp(own)
        foretold = (others * likelihood).sum(axis=1) / likelihood.mean(axis=1)
        agreement[attribute] = float(np.log(foretold).mean())
    return agreement


def contradicted(prior: AxiomPrior, observed: Observations) -> tuple[str, ...]:
    """IRIs of the attributes that cannot be believed in a data set, the worst first.

    None where there are fewer than 20 samples, or fewer than three attributes to ask.
    """
    samples = len(next(iter(observed.weights.values()), ()))
    if len(prior.tables) < 3 or samples < MIN_SAMPLES:
        return ()
    agreement = attribute_agreement(prior, observed)
    return tuple(
        a for a in sorted(agreement, key=agreement.__getitem__) if agreement[a] < CONTRADICTED
    )
