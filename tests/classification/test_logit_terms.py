"""Logit terms: right knowledge opens its gate, wrong knowledge closes it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from sklearn.linear_model import LogisticRegression

from kgtransfer.classification.logit_terms import (
    LOGIT_TERMS,
    AxiomTerm,
    MeasureTerm,
    fitted_weight,
)
from kgtransfer.classification.outcomes.one_of import OneOf
from kgtransfer.classification.regression import regression
from kgtransfer.classification.targets import Targets
from kgtransfer.conditioning.axiom_prior import NAMED, AxiomPrior
from kgtransfer.grounding.observations import Observations

TABLE = np.array([[0.9, 0.1], [0.1, 0.9]])
PRIOR = AxiomPrior(("e:Cat", "e:Dog"), {"e:Voice": (("e:Meow", "e:Bark"), TABLE)})


def _outcome(classes: int = 2) -> OneOf:
    labels = tuple("abc"[:classes])
    return OneOf(Targets(labels, labels, tuple(range(classes))))


class Drawn(SimpleNamespace):
    def __len__(self) -> int:
        return len(self.targets)


def _samples(n: int, agree: float = 0.9, seed: int = 0) -> Drawn:
    """Cats and dogs; a share of them voices what the axioms say."""
    random = np.random.default_rng(seed)
    targets = random.integers(0, 2, n)
    voice = np.where(random.random(n) < agree, targets, 1 - targets)
    weights = np.eye(2)[voice] * 0.98 + 0.01
    observed = Observations({"e:Voice": ("e:Meow", "e:Bark")}, {"e:Voice": weights})
    measures = random.normal(size=(n, 3)) + targets[:, None] * [2, 0, 0]
    return Drawn(targets=targets, observed=observed, measures=measures)


def test_right_axioms_open_their_gate_and_contradicted_ones_close_it() -> None:
    known = np.zeros((40, 2))
    right = AxiomTerm.fitted(_samples(40), known, PRIOR, _outcome())
    wrong = AxiomTerm.fitted(_samples(40, agree=0.1), known, PRIOR, _outcome())
    random = AxiomTerm.fitted(_samples(40, agree=0.5), known, PRIOR, _outcome())
    assert right.weight > 0.5
    assert (wrong.weight, random.weight) == (0.0, 0.0)
    np.testing.assert_array_equal(wrong(_samples(40)), known)


def test_without_a_label_attributes_count_as_independent() -> None:
    term = AxiomTerm.fitted(_samples(0), np.zeros((0, 2)), PRIOR, _outcome())
    assert term.weight == 1.0  # one attribute


def test_what_is_known_already_needs_no_weight() -> None:
    samples = _samples(40)
    known = 20 * (np.eye(2)[samples.targets] - 0.5)
    assert AxiomTerm.fitted(samples, known, PRIOR, _outcome()).weight == 0.0


def test_the_weight_is_the_likeliest() -> None:
    samples = _samples(400, agree=0.8)
    scores = PRIOR.scores(samples.observed)
    best = fitted_weight(lambda weight: weight * scores, samples.targets, _outcome(), most=5)

    def loss(weight: float) -> float:
        logits = weight * scores
        return float(
            np.log(np.exp(logits).sum(1)).sum() - logits[range(400), samples.targets].sum()
        )

    assert loss(best) <= min(loss(best - 0.05), loss(best + 0.05))


def test_names_of_classes_are_no_axioms() -> None:
    """Names enter by a term of their own, which a method without knowledge may have too."""
    named = (("e:Cat", "e:Dog"), np.array([[0.99, 0.01], [0.01, 0.99]]))
    prior = AxiomPrior(PRIOR.classes, {**PRIOR.tables, NAMED: named})
    samples = _samples(0)
    nothing = np.zeros((0, 2))
    axioms, names = (
        LOGIT_TERMS[name](samples, nothing, prior, _outcome()) for name in ("axioms", "names")
    )
    assert isinstance(axioms, AxiomTerm)
    assert isinstance(names, AxiomTerm)
    assert tuple(axioms.prior.tables) == ("e:Voice",)
    assert tuple(names.prior.tables) == (NAMED,)
    assert (axioms.weight, names.weight) == (1.0, 1.0)
    shuffled = prior.shuffled(0).tables
    assert shuffled[NAMED] is named
    assert shuffled["e:Voice"][1].tolist() == [[0.1, 0.9], [0.9, 0.1]]
    assert prior.of_names().shuffled(0).tables[NAMED][1].tolist() == named[1][::-1].tolist()


def test_the_regression_is_scikit_learns() -> None:
    """Theirs leaves intercepts free: with a constant column instead, the two are one."""
    samples = _samples(60)
    slopes, intercepts = regression(
        samples.measures, samples.targets, np.zeros((60, 2)), _outcome()
    )
    features = np.hstack([samples.measures, np.ones((60, 1))])
    model = LogisticRegression(C=2.0, fit_intercept=False, tol=1e-8, max_iter=1000)
    theirs = model.fit(features, samples.targets).coef_[0]  # one row for the difference
    ours = np.append(slopes[:, 1] - slopes[:, 0], intercepts[1] - intercepts[0])
    np.testing.assert_allclose(ours, theirs, atol=2e-3)


def test_a_regression_beside_the_truth_has_little_left_to_say() -> None:
    samples = _samples(60)
    free = MeasureTerm.fitted(samples, np.zeros((60, 2)), PRIOR, _outcome())
    told = MeasureTerm.fitted(samples, 12 * np.eye(2)[samples.targets], PRIOR, _outcome())
    assert told.weight < 0.05 * free.weight
    assert free(samples).argmax(axis=1).tolist() != [0] * 60


def test_nothing_is_learned_for_or_against_a_class_without_a_sample() -> None:
    samples = _samples(40)
    term = MeasureTerm.fitted(samples, np.zeros((40, 3)), PRIOR, _outcome(3))
    scores = term(samples)
    np.testing.assert_allclose(scores[:, 2], 0, atol=1e-9)
    two = MeasureTerm.fitted(samples, np.zeros((40, 2)), PRIOR, _outcome())
    np.testing.assert_allclose(scores[:, :2], two(samples), atol=1e-3)


def test_a_class_is_added_by_its_axioms_alone() -> None:
    """Cats and dogs have labels; the fox has a row of the table, and is found by it."""
    table = np.array([[0.9, 0.05, 0.05], [0.05, 0.9, 0.05], [0.05, 0.05, 0.9]])
    voices = ("e:Meow", "e:Bark", "e:Yelp")
    prior = AxiomPrior(("e:Cat", "e:Dog", "e:Fox"), {"e:Voice": (voices, table)})

    def heard(voice: np.ndarray) -> Drawn:
        weights = np.eye(3)[voice] * 0.97 + 0.01
        measures = np.random.default_rng(1).normal(size=(len(voice), 2))
        observed = Observations({"e:Voice": voices}, {"e:Voice": weights})
        return Drawn(targets=voice, observed=observed, measures=measures)

    few = heard(np.arange(40) % 2)
    axioms = AxiomTerm.fitted(few, np.zeros((40, 3)), prior, _outcome(3))
    measures = MeasureTerm.fitted(few, axioms(few), prior, _outcome(3))
    every = heard(np.arange(60) % 3)
    found = (axioms(every) + measures(every)).argmax(axis=1)
    assert (found == every.targets).mean() > 0.95
