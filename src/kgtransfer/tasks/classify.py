"""Classification of images from few labels: one fit an arm, scored on every test set."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from kgtransfer.data.hygiene import Augmentation
from kgtransfer.tasks.base import ArmRun
from kgtransfer.tasks.class_metrics import balanced_scores, class_metrics, scored_rows
from kgtransfer.tasks.class_network import ClassNetwork
from kgtransfer.tasks.class_training import train_network
from kgtransfer.tasks.experts import EXPERTS
from kgtransfer.tasks.fits import FitStore
from kgtransfer.tasks.samples import few_labels
from kgtransfer.tasks.shift import trust
from kgtransfer.training.checkpoint import write_safetensors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    from kgtransfer.backbones.vision import VisionBackbone
    from kgtransfer.conditioning.axioms import AxiomPrior
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.tasks.class_arms import ClassArm, ClassRecipe
    from kgtransfer.tasks.experts import Expert
    from kgtransfer.tasks.samples import Samples

    Floats = npt.NDArray[np.float64]

__all__ = ["ClassTask", "ClassTest", "Fitted"]

SOURCE = 300  # training images that a test set is compared with


@dataclass(frozen=True)
class Fitted:
    """A trained arm.

    Attributes:
        experts: what is known before the network looks, by name, in the order of fitting.
        network: the trained module; None where the experts alone decide.
    """

    experts: Mapping[str, Expert]
    network: ClassNetwork | None

    def parts(self, samples: Samples) -> Floats:
        """`[2, samples, classes]`: what the first expert says, and all that was learned on top.

        Their sum are the logits; see `kgtransfer.tasks.shift` for how far to believe the second.
        Without an expert the network is the first.
        """
        parts = [expert(samples) for expert in self.experts.values()]
        parts += [self.network.predict(samples)] if self.network else []
        first, *others = parts
        return np.stack([first, sum(others, np.zeros_like(first))])

    def save(self, folder: Path) -> None:
        """Write `model.safetensors`: the network's tensors, and what the experts learned."""
        tensors = (
            {f"network.{k}": v for k, v in self.network.state_dict().items()}
            if self.network
            else {}
        )
        for name, expert in self.experts.items():
            learned = expert.state().items()
            tensors |= {f"{name}.{key}": torch.from_numpy(value) for key, value in learned}
        write_safetensors(folder / "model.safetensors", tensors)


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
        augmentation: random views of training images.
    """

    train: Samples
    tests: Mapping[str, Samples]
    backbone: VisionBackbone
    prior: AxiomPrior
    concepts: ConceptEmbeddings
    recipe: ClassRecipe
    device: str = "cpu"
    store: FitStore = field(default_factory=FitStore)
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
        what = (replace(arm, name="", labels=None, trusting=False), labels, seed)
        known = self.store.read(*what)
        if known is None:
            started = time.perf_counter()
            fitted = self.fit(arm, labels, seed)
            parts = {name: fitted.parts(samples) for name, samples in self.tests.items()}
            doors = {f"door:{name}": expert.weight for name, expert in fitted.experts.items()}
            known = parts, {"seconds": time.perf_counter() - started, **doors}
            self.store.write(*known, *what)
        return known

    def fit(self, arm: ClassArm, labels: int, seed: int) -> Fitted:
        """Train an arm.

        Args:
            arm: what is trained.
            labels: per class.
            seed: of the draw of labels, of initialisation and of random views.
        """
        few = self.train[few_labels(self.train, labels, seed)]
        prior = self.prior.shuffled(seed) if arm.shuffled else self.prior
        known = np.zeros((len(few), len(prior.classes)))
        experts: dict[str, Expert] = {}
        for name in arm.experts:
            experts[name] = EXPERTS[name](few, known, prior)
            known += experts[name](few)
        network = None
        if arm.trained != "nothing":
            network = self._network(arm, seed)
            train_network(
                network, few, known, self.recipe, self.augmentation, trained=arm.trained, seed=seed
            )
        return Fitted(experts, network)

    def trust(self, test: str) -> float:
        """How far the network is believed on a test set; see `kgtransfer.tasks.shift`."""
        if not self._trust:
            rows = np.random.default_rng(0).permutation(len(self.train))[:SOURCE]
            source = self._features(self.train[rows.tolist()])
            self._trust = {
                name: trust(source, self._features(samples)) for name, samples in self.tests.items()
            }
        return self._trust[test]

    def _network(self, arm: ClassArm, seed: int) -> ClassNetwork:
        vectors = self.concepts
        if arm.shuffled:
            groups = {v: a for a, values in self.train.observed.values.items() for v in values}
            vectors = vectors.shuffled(groups, seed=seed)
        return ClassNetwork.of(
            self.backbone,
            len(self.prior.classes),
            size=self.train.pixels.shape[-1],
            by=arm.by,
            concepts=vectors,
            relations=self.train.grounding.relations,
            at=self.recipe.at,
            seed=seed,
            frozen_statistics=self.recipe.frozen_statistics,
        ).to(self.device)

    def _features(self, samples: Samples) -> Floats:
        network = ClassNetwork.of(self.backbone, 0, size=samples.pixels.shape[-1])
        return network.to(self.device).predict(samples)


@dataclass(frozen=True)
class ClassTest:
    """One setting of a `ClassTask`: what an experiment runs."""

    task: ClassTask
    test: str
    labels: int

    def run(self, arm: ClassArm, seed: int, *, model_file: Path | None = None) -> ArmRun:
        """Fit, or take the fit of another setting with as many labels, and score."""
        labels = self.labels if arm.labels is None else arm.labels
        logits, figures = self.task.scores(arm, labels, seed)
        targets = self.task.tests[self.test].targets
        rows = scored_rows(targets)
        right = logits[self.test].argmax(axis=1) == targets
        return ArmRun(
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
