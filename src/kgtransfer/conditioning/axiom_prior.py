"""What samples show and what classes usually show -> log-linear scores of the classes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import logsumexp

from kgtransfer.errors import OntologyError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.grounding.observations import Observations
    from kgtransfer.knowledge.axioms.axioms import Axioms

    Floats = npt.NDArray[np.float64]

__all__ = ["AxiomPrior", "frequency_table"]

UNSTATED = 0.05
"""Probability of a value that a class says nothing of, beside those it speaks of: as rare."""


@dataclass(frozen=True)
class AxiomPrior:
    """Scores classes by the values of attributes that their axioms lead to expect.

    For a class c, with p(v | x) from the grounding and P(v | c) from the axioms' frequencies,

        score(c | x) = mean over attributes of  log sum over values v  p(v | x) P(v | c) / P(v)

    where P(v) is the mean over classes. Added to a model's logits times a lambda that starts at 0,
    or used alone, it needs no class label. Attributes count alike, however many values they have.

    Attributes:
        classes: IRIs.
        tables: attribute -> values, and P(v | c) as `[classes, values]`, rows sum to one.
        label_of: `[classes]` the label that each class stands behind; none given, a label each.
    """

    classes: tuple[str, ...]
    tables: Mapping[str, tuple[tuple[str, ...], Floats]]
    label_of: tuple[int, ...] = ()

    @property
    def labels(self) -> int:
        """How many labels there are."""
        return 1 + max(self.label_of) if self.label_of else len(self.classes)

    @classmethod
    def of(
        cls,
        axioms: Axioms,
        classes: Sequence[str],
        values: Mapping[str, Sequence[str]],
        label_of: Sequence[int] = (),
    ) -> AxiomPrior:
        """The prior of an ontology, over what can be observed.

        Args:
            axioms: of the ontology.
            classes: IRIs of the classes to tell apart.
            values: attribute -> the values that the grounding knows; P(v | c) is that of these.
            label_of: the label of each class, where several stand behind one.

        Raises:
            OntologyError: no axiom tells any two of the classes apart by these values.
        """
        tables = {}
        for attribute, alternatives in values.items():
            table = frequency_table(axioms, classes, attribute, alternatives)
            if len(alternatives) > 1 and np.ptp(table, axis=0).max() > 0:
                tables[attribute] = (tuple(alternatives), table)
        if not tables:
            raise OntologyError(
                "no axiom tells the classes apart by what can be measured",
                cure="write kgt:usual and kgt:never with values that have kgt:measuredBy",
            )
        return cls(tuple(classes), tables, tuple(label_of))

    def shuffled(self, seed: int) -> AxiomPrior:
        """The placebo: rows of the tables among other classes, attribute by attribute."""
        random = np.random.default_rng(seed)
        tables = {a: (v, random.permutation(table)) for a, (v, table) in self.tables.items()}
        return replace(self, tables=tables)

    def learned(self, observed: Observations, targets: npt.NDArray[np.int64]) -> AxiomPrior:
        """The same attributes and values with P(v | c) from labelled samples: no axiom is used.

        Args:
            observed: of the samples.
            targets: `[samples]` labels; a class of a label without a sample is even.
        """
        tables = {}
        for attribute, (values, _) in self.tables.items():
            columns = [observed.values[attribute].index(value) for value in values]
            shares = observed.weights[attribute][:, columns]
            labels = self.label_of or range(len(self.classes))
            rows = [shares[targets == label].sum(axis=0) + UNSTATED for label in labels]
            tables[attribute] = (values, np.array([row / row.sum() for row in rows]))
        return replace(self, tables=tables)

    def by_attribute(self, observed: Observations) -> dict[str, Floats]:
        """Each attribute's part of the score, `[samples, classes]`, for people to read."""
        scores = {}
        for attribute, (values, table) in self.tables.items():
            columns = [observed.values[attribute].index(value) for value in values]
            shares = observed.weights[attribute][:, columns]
            scores[attribute] = np.log(shares @ (table / table.mean(axis=0)).T)
        return scores

    def scores(self, observed: Observations) -> Floats:
        """`[samples, classes]`: above 0 for classes that fit better than the average class."""
        return np.asarray(np.mean(list(self.by_attribute(observed).values()), axis=0))

    def by_label(self, scores: Floats) -> Floats:
        """`[samples, labels]` of logits of classes: a label's is the mean of its likelihoods."""
        if not self.label_of:
            return scores
        groups = [np.flatnonzero(np.equal(self.label_of, label)) for label in range(self.labels)]
        return np.stack(
            [logsumexp(scores[:, group], axis=1) - np.log(len(group)) for group in groups], axis=1
        )

    def combined(self, logits: Floats, observed: Observations, weight: float) -> Floats:
        """logits + weight * scores, `[samples, labels]`; the logits themselves at weight 0."""
        return logits + self.by_label(weight * self.scores(observed)) if weight else logits


def frequency_table(
    axioms: Axioms, classes: Sequence[str], attribute: str, values: Sequence[str]
) -> Floats:
    """P(value | class) of one attribute, `[classes, values]`, rows sum to one.

    The frequencies of a class's facts, its own or inherited, over the given values; even where
    nothing is said of any of them.
    """
    table = np.full((len(classes), len(values)), UNSTATED)
    column_of = {value: column for column, value in enumerate(values)}
    for row, cls in enumerate(classes):
        for fact in axioms.facts(cls):
            if fact.topic == attribute and fact.value in column_of:
                table[row, column_of[fact.value]] = fact.probability
    return np.asarray(table / table.sum(axis=1, keepdims=True))
