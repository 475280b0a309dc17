"""Classification of images from few labels: one fit an arm, scored on every test set."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.classification.domain_shift import trust
from kgtransfer.classification.logit_terms import fit_logit_terms
from kgtransfer.classification.metrics import balanced_scores, class_metrics, scored_rows
from kgtransfer.classification.model import Classifier
from kgtransfer.classification.samples import few_labels
from kgtransfer.errors import ConfigError
from kgtransfer.experiments.cache import FitCache
from kgtransfer.experiments.task import FitResult
from kgtransfer.images.data.preprocessing import Augmentation
from kgtransfer.images.network import ClassNetwork
from kgtransfer.images.training import rule_loss, train_network

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    from kgtransfer.classification.arms import ClassArm, FineTuning
    from kgtransfer.classification.samples import Samples
    from kgtransfer.conditioning.axiom_prior import AxiomPrior
    from kgtransfer.conditioning.rule_loss import Rules
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.images.backbone import VisionBackbone
    from kgtransfer.images.training import RuleLoss

    Floats = npt.NDArray[np.float64]

__all__ = ["TRAINED", "ClassTask", "ClassTest"]

TRAINED = "trained"  # the images whose labels were known, among the activations of a model
SOURCE = 300  # training images that a test set is compared with


@dataclass
class ClassTask:
    """Fits arms on a balanced draw of the training set, and scores several test sets at once.

    Args:
        train: the training set.
        tests: name -> test set, of the same lab or another.
        backbone: what is fine-tuned.
        prior: of the axioms, over the classes in the order of the logits.
        concepts: vectors of the concepts that condition.
        recipe: settings of fine-tuning.
        device: of the training.
        store: keeps finished fits.
        looks: keeps how alike data sets look, whatever is known of them.
        kept: the arm whose models are kept with its fits.
        rules: of the axioms, over the labels and then the values of all attributes, for arms that
            are trained on them.
        augmentation: random views of training images.
    """

    train: Samples
    tests: Mapping[str, Samples]
    backbone: VisionBackbone
    prior: AxiomPrior
    concepts: ConceptEmbeddings
    recipe: FineTuning
    device: str = "cpu"
    store: FitCache = field(default_factory=FitCache)
    looks: FitCache = field(default_factory=FitCache)
    kept: ClassArm | None = None
    rules: Rules | None = None
    augmentation: Augmentation = field(default_factory=Augmentation)
    _trust: dict[str, float] = field(default_factory=dict, repr=False)

    def at(self, test: str, labels: int) -> ClassTest:
        """The task of one setting: so many labels per class, scored on one test set."""
        return ClassTest(self, test, labels)

    def scores(
        self, arm: ClassArm, labels: int, seed: int
    ) -> tuple[dict[str, Floats], dict[str, float]]:
        """Logits by test set, and figures: seconds, and the weights of the doors by `door:NAME`."""
        parts, figures = self._parts(arm, labels, seed)
        believed = {name: 1.0 if arm.trusting else self.trust(name) for name in parts}
        logits = {name: first + believed[name] * other for name, (first, other) in parts.items()}
        return logits, figures

    def _parts(
        self, arm: ClassArm, labels: int, seed: int
    ) -> tuple[dict[str, Floats], dict[str, float]]:
        """As `scores`, the two parts of the logits apart; kept by what they depend on."""
        what = _kept_by(arm, labels, seed)
        model = self.model_file(labels, seed) if arm == self.kept else None
        known = self.store.read(*what)
        if known is None or (model and not model.is_file()):
            started = time.perf_counter()
            fitted = self.fit(arm, labels, seed).seen(self.tests)
            if model:
                fitted = fitted.seen({TRAINED: self.few(labels, seed)})
            known = self.keep(fitted, arm, labels, seed, started)
        return known

    def keep(
        self, fitted: Classifier, arm: ClassArm, labels: int, seed: int, started: float
    ) -> tuple[dict[str, Floats], dict[str, float]]:
        """Keep a fit, and its model if the arm's are: two parts of logits by test set, figures.

        Args:
            fitted: the fit.
            arm: that was fitted.
            labels: per class.
            seed: of the fit.
            started: when it began, by `time.perf_counter`.
        """
        parts = {name: fitted.parts(samples, name) for name, samples in self.tests.items()}
        doors = {f"door:{name}": expert.weight for name, expert in fitted.experts.items()}
        known = parts, {"seconds": time.perf_counter() - started, **doors}
        model = self.model_file(labels, seed) if arm == self.kept else None
        if model:
            fitted.save(model)
        self.store.write(*known, *_kept_by(arm, labels, seed))
        return known

    def has(self, arm: ClassArm, labels: int, seed: int) -> bool:
        """Whether a fit is finished, and its model kept if the arm's are."""
        model = self.model_file(labels, seed) if arm == self.kept else None
        if model and not model.is_file():
            return False
        return self.store.read(*_kept_by(arm, labels, seed)) is not None

    def model_file(self, labels: int, seed: int) -> Path | None:
        """Where the model of the arm `kept` lies; None where none is kept."""
        if self.kept is None:
            return None
        return self.store.path("model", *_kept_by(self.kept, labels, seed))

    def few(self, labels: int, seed: int) -> Samples:
        """The training images whose labels are known."""
        return self.train[few_labels(self.train, labels, seed)]

    def fit(self, arm: ClassArm, labels: int, seed: int) -> Classifier:
        """Train an arm.

        Args:
            arm: what is trained.
            labels: per class.
            seed: of the draw of labels, of initialisation and of random views.
        """
        few = self.few(labels, seed)
        prior = self.prior.shuffled(seed) if arm.shuffled else self.prior
        experts, known = fit_logit_terms(arm.experts, few, prior)
        network = None
        if arm.trained != "nothing":
            network = self.network(arm, seed)
            train_network(
                network, few, known, self.recipe, self.augmentation,
                trained=arm.trained, seed=seed, rules=self._rule_loss(arm, few),
            )  # fmt: skip
        return Classifier(experts, network)

    def _rule_loss(self, arm: ClassArm, few: Samples) -> RuleLoss | None:
        if not arm.rules:
            return None
        if self.rules is None:
            raise ConfigError(f"arm {arm.name}: the task has no rules", cure="give it kgt.Rules")
        return rule_loss(self.rules, few, arm.rules)

    def trust(self, test: str) -> float:
        """How far the network is believed on a test set; see `domain_shift`."""
        if test not in self._trust:
            samples = self.tests[test]
            what = ("trust", self.backbone.hash, self.train.pixel_hash, samples.pixel_hash)
            known = self.looks.read(*what)
            if known is None:
                found = trust(self._source, self._features(samples))
                known = {}, {"trust": found}
                self.looks.write(*known, *what)
            self._trust[test] = known[1]["trust"]
        return self._trust[test]

    @cached_property
    def _source(self) -> Floats:
        """Features of some training images."""
        rows = np.random.default_rng(0).permutation(len(self.train))[:SOURCE]
        return self._features(self.train[rows.tolist()])

    def network(self, arm: ClassArm, seed: int) -> ClassNetwork:
        """An arm's network before any training."""
        vectors = self.concepts
        if arm.shuffled:
            groups = {v: a for a, values in self.train.observed.values.items() for v in values}
            vectors = vectors.shuffled(groups, seed=seed)
        return ClassNetwork.of(
            self.backbone,
            self.prior.labels,
            size=self.train.pixels.shape[-1],
            by=arm.by,
            concepts=vectors,
            relations=self.train.grounding.relations,
            at=self.recipe.at,
            seed=seed,
            frozen_statistics=self.recipe.frozen_statistics,
            views=self.recipe.views,
        ).to(self.device)

    def _features(self, samples: Samples) -> Floats:
        network = ClassNetwork.of(self.backbone, 0, size=samples.pixels.shape[-1])
        return network.to(self.device).predict(samples)


def _kept_by(arm: ClassArm, labels: int, seed: int) -> tuple[object, ...]:
    """What a fit depends on, of what arms differ in."""
    return replace(arm, name="", labels=None, trusting=False), labels, seed


@dataclass(frozen=True)
class ClassTest:
    """One setting of a `ClassTask`: what an experiment runs."""

    task: ClassTask
    test: str
    labels: int

    def run(self, arm: ClassArm, seed: int, *, model_file: Path | None = None) -> FitResult:
        """Fit, or take the fit of another setting with as many labels, and score."""
        labels = self.labels if arm.labels is None else arm.labels
        logits, figures = self.task.scores(arm, labels, seed)
        targets = self.task.tests[self.test].targets
        rows = scored_rows(targets)
        right = logits[self.test].argmax(axis=1) == targets
        return FitResult(
            balanced_scores(right[rows], targets[rows]),
            metrics=class_metrics(logits[self.test][rows], targets[rows]),
            gates={
                name.removeprefix("door:"): value
                for name, value in figures.items()
                if name.startswith("door:")
            },
            seconds=figures["seconds"],
            strata=targets[rows].tolist(),
        )
