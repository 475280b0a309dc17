"""What samples show and what classes usually show -> log-linear scores of the classes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import logsumexp

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.axioms.frequencies import UNSTATED, frequency_tables
from kgtransfer.knowledge.vocabulary import KGT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.grounding.observations import Observations
    from kgtransfer.knowledge.axioms.axioms import Axioms
    from kgtransfer.knowledge.axioms.frequencies import Tables

    Floats = npt.NDArray[np.float64]

__all__ = ["NAMED", "AxiomPrior"]

NAMED = KGT + "named"
"""The attribute whose values are the classes: which one's name fits a sample best. No graph says
so, a method without knowledge may know names as well."""
DRAWS = 100  # of a placebo, at most


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
    tables: Tables
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
        return cls.telling(classes, frequency_tables(axioms, classes, values), label_of)

    @classmethod
    def telling(
        cls, classes: Sequence[str], tables: Tables, label_of: Sequence[int] = ()
    ) -> AxiomPrior:
        """The prior of tables, wherever they come from.

        Raises:
            OntologyError: there is no table, and nothing to tell any two of the classes apart by.
        """
        if not tables:
            raise OntologyError(
                "no axiom tells the classes apart by what can be measured",
                cure="write kgt:usual and kgt:never with values that have kgt:measuredBy",
            )
        return cls(tuple(classes), tables, tuple(label_of))

    def of_names(self) -> AxiomPrior:
        """What names of classes say by themselves, without any axiom."""
        return replace(self, tables={a: t for a, t in self.tables.items() if a == NAMED})

    def of_facts(self) -> AxiomPrior:
        """What axioms say, names of classes left out."""
        return replace(self, tables={a: t for a, t in self.tables.items() if a != NAMED})

    def shuffled(self, seed: int) -> AxiomPrior:
        """The placebo: rows of the tables among other classes, attribute by attribute.

        Names of classes, which are no knowledge of the graph, stay where there are facts. Of few
        classes a draw may leave all where they are, which is no placebo: the next is taken.
        """
        random, facts = np.random.default_rng(seed), self.of_facts().tables or self.tables
        for _ in range(DRAWS):
            tables = {a: (v, random.permutation(table)) for a, (v, table) in facts.items()}
            if any((tables[a][1] != table).any() for a, (_, table) in facts.items()):
                break
        return replace(self, tables={a: tables.get(a, table) for a, table in self.tables.items()})

    def learned(
        self, observed: Observations, members: Sequence[npt.NDArray[np.int64]]
    ) -> AxiomPrior:
        """The same attributes and values with P(v | c) from labelled samples: no axiom is used.

        Args:
            observed: of the samples.
            members: for each class, rows of its samples; a class without any is even.
        """
        tables = {}
        for attribute, (values, _) in self.tables.items():
            shares = observed.shares(attribute, values)
            rows = [shares[of_class].sum(axis=0) + UNSTATED for of_class in members]
            tables[attribute] = (values, np.array([row / row.sum() for row in rows]))
        return replace(self, tables=tables)

    def by_attribute(self, observed: Observations, *, even: bool = False) -> dict[str, Floats]:
        """Each attribute's part of the score, `[samples, classes]`.

        Args:
            observed: of the samples.
            even: against a class of which nothing is said, not against the average class: an
                attribute then speaks for or against the classes alone that say something of it.
        """
        scores = {}
        for attribute, (values, table) in self.tables.items():
            shares = observed.shares(attribute, values)
            usual = 1 / len(values) if even else table.mean(axis=0)
            scores[attribute] = np.log(shares @ (table / usual).T)
        return scores

    def scores(self, observed: Observations) -> Floats:
        """`[samples, classes]`: above 0 for classes that fit better than the average class."""
        return np.asarray(np.mean(list(self.by_attribute(observed).values()), axis=0))

    def log_evidence(self, observed: Observations) -> Floats:
        """How well samples fit the classes, whichever they are: `[samples]`, in nats.

        log of the mean over classes of how much likelier a class makes what is observed, attributes
        taken as independent, than a class of which nothing is said. No label is looked at.

        Raises:
            ValueError: axioms say nothing.
        """
        total = np.sum(list(self.by_attribute(observed, even=True).values()), axis=0)
        return np.asarray(logsumexp(total, axis=1) - np.log(len(self.classes)))

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
