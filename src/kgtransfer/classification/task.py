"""Prediction from few labels: one fit a method, number of labels and seed for all tests."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Generic

import numpy as np

from kgtransfer.classification.adaptation import Adaptation
from kgtransfer.classification.candidates import Candidates, strongest
from kgtransfer.classification.domain_shift import domain_shift_weight
from kgtransfer.classification.logit_terms import fit_logit_terms
from kgtransfer.classification.model import Classifier
from kgtransfer.classification.network import M
from kgtransfer.classification.outcomes.one_of import OneOf
from kgtransfer.conditioning.axiom_evidence import axiom_weight
from kgtransfer.errors import RunError
from kgtransfer.experiments.cache import FitCache
from kgtransfer.experiments.task import FitResult

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    from kgtransfer.classification.network import Learner, Network
    from kgtransfer.classification.outcomes.outcome import Outcome
    from kgtransfer.classification.samples import Samples
    from kgtransfer.conditioning.axiom_prior import AxiomPrior
    from kgtransfer.experiments.choice import Choice

    Floats = npt.NDArray[np.float64]
    Fit = tuple[dict[str, Floats], dict[str, float]]

__all__ = ["TRAINED", "ClassificationTask"]

TRAINED = "trained"  # the samples that were learned from, among the activations of a model
SOURCE_SAMPLES = 300  # training samples that a test set is compared with
GATE = "gate:"


@dataclass
class ClassificationTask(Generic[M]):
    """Fits methods on small draws of a training set, and scores several test sets at once.

    Args:
        outcome: what the labels are.
        train: the training set.
        tests: name -> test set, of the source domain or another.
        prior: of the axioms, over the classes of the outcome.
        learner: builds and trains networks.
        kept: the method whose models are kept with its fits.
        candidates: what methods without knowledge a method is completed by that asks for one.
        fits: keeps finished fits.
        features: keeps what domains are told apart by, whatever is known of their samples.
    """

    outcome: Outcome
    train: Samples
    tests: Mapping[str, Samples]
    prior: AxiomPrior
    learner: Learner[M]
    kept: M | None = None
    candidates: Candidates[M] = field(default_factory=lambda: Candidates({}))
    fits: FitCache = field(default_factory=FitCache)
    features: FitCache = field(default_factory=FitCache)
    _weights: dict[str, float] = field(default_factory=dict, repr=False)

    def score(self, method: M, labels: int, seed: int, test: str) -> FitResult:
        """Fit a method, or take the fit of another test set, and score a test set."""
        parts, figures = self._fit(method, labels, seed)
        samples, outcome = self.tests[test], self.outcome
        every, groups = samples.targets, samples.groups
        rows = outcome.scored_rows(every)
        concrete = self.resolved(method, labels, seed)
        weights = self._part_weights(concrete, seed, test, _has_axioms(figures))
        answers, targets = _weighed(parts[test], weights)[rows], every[rows]
        return FitResult(
            outcome.scores(answers, targets),
            metrics=outcome.metrics(answers, targets),
            gates={n.removeprefix(GATE): v for n, v in figures.items() if n.startswith(GATE)},
            seconds=figures["seconds"],
            strata=outcome.strata(targets),
            groups=() if groups is None else groups[rows].tolist(),
            **self._candidates(method, labels, seed, test),
        )

    def _candidates(self, method: M, labels: int, seed: int, test: str) -> dict[str, Any]:
        """What a baseline was chosen from, by their scores; of others nothing.

        A candidate that was far behind on held-out labels is not trained for this alone.
        """
        if not method.chosen or method.terms:
            return {}
        choice, methods = self.candidates.choices[labels, seed], self.candidates.methods
        finished = choice.losses or methods
        scores = {
            name: self.score(each, labels, seed, test).per_sample
            for name, each in methods.items()
            if name in finished or each.is_quick
        }
        return {"choice": choice, "candidates": scores}

    def answers(self, method: M, labels: int, seed: int) -> dict[str, Floats]:
        """Test set -> answers `[samples, logits]` of a fit: logits, or numbers."""
        parts, figures = self._fit(method, labels, seed)
        concrete, has_axioms = self.resolved(method, labels, seed), _has_axioms(figures)
        return {
            test: _weighed(each, self._part_weights(concrete, seed, test, has_axioms))
            for test, each in parts.items()
        }

    def _part_weights(
        self, method: M, seed: int, test: str, has_axioms: bool, *, adapted: bool = True
    ) -> tuple[float, float]:
        """How much each part of answers counts, by what unlabelled samples say of it.

        Args:
            method: that was fitted.
            seed: of the fit.
            test: name of the test set.
            has_axioms: whether the first part is that of axioms, see `Classifier.has_axioms`.
            adapted: what was learned was adapted to the test set, where the method does so, and
                counts in full.
        """
        if method.ignores_domain_shift:
            return 1.0, 1.0
        axioms = self.axiom_weight(test, seed if method.shuffled else None) if has_axioms else 1.0
        in_full = adapted and method.adapts
        return axioms, 1.0 if in_full else self.domain_shift_weight(test)

    def _fit(self, method: M, labels: int, seed: int) -> Fit:
        """Test set -> the two parts of its answers, and figures; kept by what they depend on."""
        if self.has(method, labels, seed):
            fit = self.fits.read(*self._key(method, labels, seed))
            if fit is not None:
                return fit
        started = time.perf_counter()
        model = self.fit(method, labels, seed).with_activations(self.tests)
        if method == self.kept:
            model = model.with_activations({TRAINED: self.few(labels, seed)})
        return self.keep(model, method, labels, seed, started)

    def keep(
        self, model: Classifier[Any], method: M, labels: int, seed: int, started: float
    ) -> Fit:
        """Keep a fit, and its model if the method's are.

        Args:
            model: what was fitted.
            method: that it was fitted by.
            labels: that it learned from, see `Outcome.draw`.
            seed: of the fit.
            started: when it began, by `time.perf_counter`.

        Returns:
            Two parts of the answers by test set; seconds, and the weights of gates by `gate:NAME`.
        """
        parts = {name: model.parts(samples, name) for name, samples in self.tests.items()}
        concrete = self.resolved(method, labels, seed)
        if concrete.adapts:
            few = self.few(labels, seed)
            for name, of_test in parts.items():
                weights = self._part_weights(concrete, seed, name, model.has_axioms, adapted=False)
                parts[name] = self._adaptation.parts(
                    model, concrete, few, self.tests[name], of_test, weights
                )
        gates = {f"{GATE}{name}": term.weight for name, term in model.terms.items()}
        figures = {"seconds": time.perf_counter() - started, **gates}
        if method == self.kept and (file := self._model_path(labels, seed)):
            model.save(file)
        self.fits.write(parts, figures, *self._key(method, labels, seed))
        return parts, figures

    def has(self, method: M, labels: int, seed: int) -> bool:
        """Whether a fit is finished, and its model kept if the method's are."""
        file = self._model_path(labels, seed) if method == self.kept else None
        if file and not file.is_file():
            return False
        return self.fits.read(*self._key(method, labels, seed)) is not None

    def model_file(self, labels: int, seed: int) -> Path:
        """File of a finished model of the method whose models are kept.

        Raises:
            RunError: there is none.
        """
        file = self._model_path(labels, seed)
        if file is None or not file.is_file():
            raise RunError(
                f"no finished model of {labels} {self.outcome.label_unit}, seed {seed}",
                cure="remove the folder of the run, and make it again",
            )
        return file

    def _model_path(self, labels: int, seed: int) -> Path | None:
        if self.kept is None:
            return None
        return self.fits.path("model", *self._key(self.kept, labels, seed))

    def few(self, labels: int, seed: int) -> Samples:
        """The training samples whose labels are used."""
        return self.train[self.outcome.draw(self.train.targets, labels, seed)]

    def fit(self, method: M, labels: int, seed: int) -> Classifier[Network]:
        """Train a model.

        Args:
            method: what is trained.
            labels: how many, see `Outcome.draw`.
            seed: of the draw of labels and of all that the training draws.
        """
        return self._trained(self.resolved(method, labels, seed), self.few(labels, seed), seed)

    def resolved(self, method: M, labels: int, seed: int) -> M:
        """A method, with the strongest candidate on a draw of labels where it has one."""
        choose = partial(self._choose, labels, seed)
        return self.candidates.completed(method, labels, seed, self.fits, choose)

    def _choose(self, labels: int, seed: int) -> Choice:
        drawn = self.outcome.draw(self.train.targets, labels, seed)

        def answers(method: M, fitted: list[int], asked: list[int]) -> Floats:
            """Of held-out samples, among others of the source where a method adapts to them."""
            few = self.train[[drawn[row] for row in fitted]]
            others = self._source_rows if method.adapts else []
            samples = self.train[[*(drawn[row] for row in asked), *others]]
            model = self._trained(method, few, seed)
            parts = model.parts(samples)
            if method.adapts:
                parts = self._adaptation.parts(model, method, few, samples, parts)
            return np.asarray(parts.sum(axis=0)[: len(asked)])

        named = {name: partial(answers, each) for name, each in self.candidates.methods.items()}
        slow = [name for name, each in self.candidates.methods.items() if not each.is_quick]
        return strongest(named, self.train[drawn], self.outcome, slow=slow, seed=seed)

    def _trained(self, method: M, few: Samples, seed: int) -> Classifier[Network]:
        """A method whose network is chosen, fitted to labelled samples."""
        prior = self.prior.shuffled(seed) if method.shuffled else self.prior
        outcome = self.outcome.fitted(few.targets)
        terms, offset = fit_logit_terms(method.terms, few, prior, outcome)
        if not method.has_network:
            return Classifier(outcome, terms, None)
        return Classifier(outcome, terms, self.learner.train(method, few, offset, seed))

    def domain_shift_weight(self, test: str) -> float:
        """How much the network counts on a test set; see `domain_shift`."""
        if test not in self._weights:
            samples = self.tests[test]
            hashes = self.learner.features_hash, self.train.inputs_hash, samples.inputs_hash
            kept = self.features.read("domain-shift weight", *hashes)
            if kept is None:
                weight = domain_shift_weight(self._source, self.learner.features(samples))
                kept = {}, {"weight": weight}
                self.features.write(*kept, "domain-shift weight", *hashes)
            self._weights[test] = kept[1]["weight"]
        return self._weights[test]

    def axiom_weight(self, test: str, shuffled: int | None = None) -> float:
        """How much the axioms count on a test set, 0 to 1, told without its labels.

        In full in a domain like the source, where labels have weighed them already; elsewhere by
        what its samples show, see `axiom_evidence`. What cannot be read off one class a sample
        (several labels at once, or a number) leaves them as they are.

        Args:
            test: name of the test set.
            shuffled: seed of the placebo's axioms; the true ones by default.
        """
        if not isinstance(self.outcome, OneOf):
            return 1.0
        key = f"axioms {shuffled} {test}"
        if key not in self._weights:
            prior = self.prior if shuffled is None else self.prior.shuffled(shuffled)
            holds = axiom_weight(prior, self.tests[test].observed)
            self._weights[key] = max(holds, self.domain_shift_weight(test))
        return self._weights[key]

    @cached_property
    def _source(self) -> Floats:
        """Features of some training samples."""
        return self.learner.features(self.train[self._source_rows])

    @cached_property
    def _source_rows(self) -> list[int]:
        rows = np.random.default_rng(0).permutation(len(self.train))[:SOURCE_SAMPLES]
        return [int(row) for row in rows]

    @cached_property
    def _adaptation(self) -> Adaptation[M]:
        return Adaptation(self.learner, self.train[self._source_rows])

    def _key(self, method: M, labels: int, seed: int) -> tuple[object, ...]:
        """What a fit depends on, of what methods differ in.

        What goes on learning on a test set starts from answers that the domain shift weighs.
        """
        fitted: Any = self.resolved(method, labels, seed)
        ignores = fitted.ignores_domain_shift and bool(fitted.adapts)
        return replace(fitted, ignores_domain_shift=ignores), labels, seed


def _has_axioms(figures: Mapping[str, float]) -> bool:
    """Figures of a fit -> `Classifier.has_axioms` of its model."""
    return figures.get(f"{GATE}axioms", 0.0) > 0


def _weighed(parts: Floats, weights: tuple[float, float]) -> Floats:
    """Two parts of answers, each by its weight -> answers."""
    return np.asarray(weights[0] * parts[0] + weights[1] * parts[1])
