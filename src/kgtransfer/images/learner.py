"""`ImageLearner`: builds networks over pixels and fine-tunes them beside logits known before."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.errors import ConfigError
from kgtransfer.images.data.preprocessing import Augmentation
from kgtransfer.images.fine_tuning import FineTuning
from kgtransfer.images.frozen_features import RememberedRows
from kgtransfer.images.head import ClassHead
from kgtransfer.images.head_regression import fit_head_by_regression
from kgtransfer.images.network import ClassNetwork
from kgtransfer.images.pixel_grid import GRIDS
from kgtransfer.images.training import rule_loss, train_network

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.classification.outcomes.outcome import Outcome
    from kgtransfer.classification.samples import Samples
    from kgtransfer.conditioning.rule_loss import Rules
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.images.arms import ImageMethod
    from kgtransfer.images.backbone import Backbone
    from kgtransfer.images.training import RuleLoss

    Floats = npt.NDArray[np.float64]

__all__ = ["ImageLearner"]


@dataclass(frozen=True)
class ImageLearner:
    """Fine-tunes a backbone with a new head and, where a method asks for it, a conditioner.

    Attributes:
        backbone: what is fine-tuned.
        concepts: vectors of the concepts that condition.
        outcome: what the labels are.
        recipe: settings of fine-tuning.
        device: of the training.
        augmentation: random views of training images.
        rules: of the axioms, over the labels and then the values of all attributes, for methods
            that are trained on them.
    """

    backbone: Backbone
    concepts: ConceptEmbeddings
    outcome: Outcome
    recipe: FineTuning = field(default_factory=FineTuning)
    device: str = "cpu"
    augmentation: Augmentation = field(default_factory=Augmentation)
    rules: Rules | None = None
    _read: dict[tuple[str, int], RememberedRows] = field(default_factory=dict, repr=False)
    _before_head: dict[tuple[str, int], RememberedRows] = field(default_factory=dict, repr=False)

    @property
    def hash(self) -> str:
        """Digest of weights, concepts and settings, 64 hex digits."""
        parts = (self.backbone.hash, self.concepts.hash, repr(self.recipe), repr(self.augmentation))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def features_hash(self) -> str:
        """Digest of the backbone, 64 hex digits."""
        return self.backbone.hash

    def network(self, method: ImageMethod, samples: Samples, seed: int) -> ClassNetwork:
        """A method's network before any training, for samples that are grounded like these."""
        concepts = self.concepts
        if method.shuffled:
            groups = {v: a for a, values in samples.observed.values.items() for v in values}
            concepts = concepts.shuffled(groups, seed=seed)
        return ClassNetwork.of(
            GRIDS[method.backbone] if method.backbone else self.backbone,
            len(self.outcome.targets.labels),
            size=samples.inputs.shape[-1],
            by=method.by,
            concepts=concepts,
            relations=samples.grounding.relations,
            at=method.sites(self.recipe.at),
            seed=seed,
            frozen_statistics=self.recipe.frozen_statistics,
            views=self.recipe.views,
        ).to(self.device)

    def train(
        self, method: ImageMethod, samples: Samples, offset: Floats, seed: int
    ) -> ClassNetwork:
        """See `Learner.train`."""
        network = self.network(method, samples, seed)
        if method.trained == "regression":
            self.fit_head(network, method, samples, offset)
            network.frozen = self._activations_of(method.backbone, network)
            return network
        recipe = replace(self.recipe, steps=method.length * self.recipe.steps)
        train_network(
            network, samples, offset, self.outcome, recipe, self.augmentation,
            trained=method.trained, seed=seed, rules=self._rule_loss(method, samples),
        )  # fmt: skip
        return network

    def fit_head(
        self, network: ClassNetwork, method: ImageMethod, samples: Samples, offset: Floats
    ) -> None:
        """Set the head of a method's network to a regression, see `fit_head_by_regression`."""
        features = self._features(method.backbone, samples)
        fit_head_by_regression(network, features, samples, offset, self.outcome)

    def regressed(self, method: ImageMethod, samples: Samples) -> Floats | None:
        """See `Learner.regressed`."""
        if method.trained != "regression":
            return None
        return self._features(method.backbone, samples)

    def features(self, samples: Samples) -> Floats:
        """See `Learner.features`."""
        return self._features("", samples)

    def _features(self, name: str, samples: Samples) -> Floats:
        """Features by what a method's network is built on, as pre-trained, `[n, width]`."""
        size = samples.inputs.shape[-1]
        if (name, size) not in self._read:
            backbone = GRIDS[name] if name else self.backbone
            network = ClassNetwork.of(backbone, 0, size=size).to(self.device)
            self._read[name, size] = RememberedRows(network.features)
        features = self._read[name, size](samples.inputs)
        return np.asarray(features.double().numpy())

    def _activations_of(self, name: str, network: ClassNetwork) -> RememberedRows | None:
        """What the layers before a network's head give, as all networks built on the same."""
        head = ClassHead.of(network)
        if head is None or head.is_large:
            return None
        return self._before_head.setdefault((name, network.size), RememberedRows(head.activations))

    def _rule_loss(self, method: ImageMethod, samples: Samples) -> RuleLoss | None:
        if not method.rules:
            return None
        if self.rules is None:
            raise ConfigError(
                "there are no rules between labels and values",
                cure="leave out arms that are trained on rules: a label is no one class",
            )
        return rule_loss(self.rules, samples, self.outcome, method.rules)
