"""Several observations of one attribute -> how far each is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import softmax

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.grounding.observations import Observations
    from kgtransfer.knowledge.axioms.frequencies import Tables

    Floats = npt.NDArray[np.float64]

__all__ = ["agreement_weights", "mixed", "mixture_weights", "posterior"]

STEPS = 50  # of expectation and maximisation; it converges long before
PRIOR = 10.0  # samples for which each source is taken to have been right as often


def mixture_weights(shares: Sequence[Floats], expected: Floats) -> Floats:
    """What sources show and what is expected -> the weight of each source, `[sources]`, sum 1.

    The weights under which what is expected is likeliest where a sample's value is told by one of
    the sources, as often by each as its weight says: expectation and maximisation of a mixture
    (Dempster, Laird, Rubin, JRSS B 39, 1977), with a prior that all are as good.

    Args:
        shares: of each source p(value | sample), `[samples, values]`.
        expected: how likely the values are by something else, `[samples, values]`: from labels and
            what axioms say of classes, or where there are none from what other attributes show.
    """
    usual = np.maximum(expected.mean(axis=0), 1e-9)
    evidence = np.stack([(share * expected / usual).sum(axis=1) for share in shares], axis=1)
    weights = np.full(len(shares), 1 / len(shares))
    for _ in range(STEPS):
        told = weights * evidence
        told /= np.maximum(told.sum(axis=1, keepdims=True), 1e-12)
        weights = told.sum(axis=0) + PRIOR
        weights /= weights.sum()
    return weights


def posterior(observed: Observations, tables: Tables, *, without: str = "") -> Floats:
    """p(class | sample) by the axioms, `[samples, classes]`, each attribute as one piece of it.

    Args:
        observed: of samples.
        tables: what axioms lead to expect of classes.
        without: an attribute that is left out.
    """
    scores = np.zeros(())
    for attribute, (values, table) in tables.items():
        if attribute != without and attribute in observed.weights:
            shares = observed.shares(attribute, values)
            scores = scores + np.log(np.maximum(shares @ (table / table.mean(axis=0)).T, 1e-12))
    return np.asarray(softmax(scores, axis=1)) if scores.ndim else scores


def mixed(shares: Sequence[Floats], weights: Sequence[float] | Floats) -> Floats:
    """p(value | sample) of sources -> that of their mixture."""
    return np.asarray(np.tensordot(np.asarray(weights), np.stack(shares), axes=1))


def agreement_weights(
    parts: Mapping[str, Sequence[Floats]],
    observed: Observations,
    tables: Tables,
    classes: Floats | None = None,
) -> dict[str, tuple[float, ...]]:
    """Attributes that several sources ground -> the weights of the sources.

    Args:
        parts: attribute -> p(value | sample) of each source, columns as in `observed`.
        observed: of all attributes, the sources mixed evenly.
        tables: what axioms lead to expect of classes.
        classes: p(class | sample) where labels tell, `[samples, classes]`; else the weights are
            those under which sources agree best with what the axioms make of all other attributes,
            no label looked at.

    Returns:
        Even weights where axioms say nothing of an attribute, or of no other.
    """
    weights = {}
    for attribute, shares in parts.items():
        weights[attribute] = (1 / len(shares),) * len(shares)
        by = posterior(observed, tables, without=attribute) if classes is None else classes
        if attribute in tables and by.ndim:
            values, table = tables[attribute]
            columns = [observed.values[attribute].index(value) for value in values]
            of_values = [share[:, columns] for share in shares]
            weights[attribute] = tuple(mixture_weights(of_values, by @ table).tolist())
    return weights
