"""Classification from few labels: one fit a method, number of labels and seed for all tests."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic

import numpy as np

from kgtransfer.classification.domain_shift import domain_shift_weight
from kgtransfer.classification.logit_terms import fit_logit_terms
from kgtransfer.classification.metrics import balanced_scores, class_metrics, scored_rows
from kgtransfer.classification.model import Classifier
from kgtransfer.classification.network import M
from kgtransfer.classification.samples import few_labels
from kgtransfer.errors import RunError
from kgtransfer.experiments.cache import FitCache
from kgtransfer.experiments.task import FitResult

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    from kgtransfer.classification.network import Learner, Network
    from kgtransfer.classification.samples import Samples
    from kgtransfer.conditioning.axiom_prior import AxiomPrior

    Floats = npt.NDArray[np.float64]
    Fit = tuple[dict[str, Floats], dict[str, float]]

__all__ = ["TRAINED", "ClassificationTask"]

TRAINED = "trained"  # the samples that were learned from, among the activations of a model
SOURCE_SAMPLES = 300  # training samples that a test set is compared with
GATE = "gate:"


@dataclass
class ClassificationTask(Generic[M]):
    """Fits methods on balanced draws of a training set, and scores several test sets at once.

    Args:
        train: the training set.
        tests: name -> test set, of the source domain or another.
        prior: of the axioms, over the classes in the order of the logits.
        learner: builds and trains networks.
        kept: the method whose models are kept with its fits.
        fits: keeps finished fits.
        features: keeps what domains are told apart by, whatever is known of their samples.
    """

    train: Samples
    tests: Mapping[str, Samples]
    prior: AxiomPrior
    learner: Learner[M]
    kept: M | None = None
    fits: FitCache = field(default_factory=FitCache)
    features: FitCache = field(default_factory=FitCache)
    _weights: dict[str, float] = field(default_factory=dict, repr=False)

    def score(self, method: M, labels: int, seed: int, test: str) -> FitResult:
        """Fit a method, or take the fit of another test set, and score a test set."""
        parts, figures = self._fit(method, labels, seed)
        logits, targets = self._weighed(method, test, parts[test]), self.tests[test].targets
        rows = scored_rows(targets)
        right = logits.argmax(axis=1) == targets
        return FitResult(
            balanced_scores(right[rows], targets[rows]),
            metrics=class_metrics(logits[rows], targets[rows]),
            gates={n.removeprefix(GATE): v for n, v in figures.items() if n.startswith(GATE)},
            seconds=figures["seconds"],
            strata=targets[rows].tolist(),
        )

    def logits(self, method: M, labels: int, seed: int) -> dict[str, Floats]:
        """Test set -> logits `[samples, classes]` of a fit."""
        parts, _ = self._fit(method, labels, seed)
        return {test: self._weighed(method, test, of_test) for test, of_test in parts.items()}

    def _weighed(self, method: M, test: str, parts: Floats) -> Floats:
        """Two parts of logits -> logits: what was learned counts by the domain-shift weight."""
        first, learned = parts
        weight = 1.0 if method.ignores_domain_shift else self.domain_shift_weight(test)
        return np.asarray(first + weight * learned)

    def _fit(self, method: M, labels: int, seed: int) -> Fit:
        """Test set -> the two parts of its logits, and figures; kept by what they depend on."""
        if self.has(method, labels, seed):
            fit = self.fits.read(*_key(method, labels, seed))
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
            labels: per class.
            seed: of the fit.
            started: when it began, by `time.perf_counter`.

        Returns:
            Two parts of the logits by test set; seconds, and the weights of gates by `gate:NAME`.
        """
        parts = {name: model.parts(samples, name) for name, samples in self.tests.items()}
        gates = {f"{GATE}{name}": term.weight for name, term in model.terms.items()}
        figures = {"seconds": time.perf_counter() - started, **gates}
        if method == self.kept and (file := self._model_path(labels, seed)):
            model.save(file)
        self.fits.write(parts, figures, *_key(method, labels, seed))
        return parts, figures

    def has(self, method: M, labels: int, seed: int) -> bool:
        """Whether a fit is finished, and its model kept if the method's are."""
        file = self._model_path(labels, seed) if method == self.kept else None
        if file and not file.is_file():
            return False
        return self.fits.read(*_key(method, labels, seed)) is not None

    def model_file(self, labels: int, seed: int) -> Path:
        """File of a finished model of the method whose models are kept.

        Raises:
            RunError: there is none.
        """
        file = self._model_path(labels, seed)
        if file is None or not file.is_file():
            raise RunError(
                f"no finished model of {labels} labels per class, seed {seed}",
                cure="remove the folder of the run, and make it again",
            )
        return file

    def _model_path(self, labels: int, seed: int) -> Path | None:
        if self.kept is None:
            return None
        return self.fits.path("model", *_key(self.kept, labels, seed))

    def few(self, labels: int, seed: int) -> Samples:
        """The training samples whose labels are used."""
        return self.train[few_labels(self.train, labels, seed)]

    def fit(self, method: M, labels: int, seed: int) -> Classifier[Network]:
        """Train a model.

        Args:
            method: what is trained.
            labels: per class.
            seed: of the draw of labels and of all that the training draws.
        """
        few = self.few(labels, seed)
        prior = self.prior.shuffled(seed) if method.shuffled else self.prior
        terms, offset = fit_logit_terms(method.terms, few, prior)
        if not method.has_network:
            return Classifier(terms, None)
        return Classifier(terms, self.learner.train(method, few, offset, seed))

    def domain_shift_weight(self, test: str) -> float:
        """How much the network counts on a test set; see `domain_shift`."""
        if test not in self._weights:
            samples = self.tests[test]
            hashes = self.learner.features_hash, self.train.inputs_hash, samples.inputs_hash
            kept = self.features.read("domain shift", *hashes)
            if kept is None:
                weight = domain_shift_weight(self._source, self.learner.features(samples))
                kept = {}, {"weight": weight}
                self.features.write(*kept, "domain shift", *hashes)
            self._weights[test] = kept[1]["weight"]
        return self._weights[test]

    @cached_property
    def _source(self) -> Floats:
        """Features of some training samples."""
        rows = np.random.default_rng(0).permutation(len(self.train))[:SOURCE_SAMPLES]
        return self.learner.features(self.train[rows.tolist()])


def _key(method: M, labels: int, seed: int) -> tuple[object, ...]:
    """What a fit depends on, of what methods differ in."""
    fitted: Any = method
    return replace(fitted, ignores_domain_shift=False), labels, seed
