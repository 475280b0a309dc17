"""`ImageLearner`: builds networks over pixels and fine-tunes them beside logits known before."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kgtransfer.errors import ConfigError
from kgtransfer.images.data.preprocessing import Augmentation
from kgtransfer.images.fine_tuning import FineTuning
from kgtransfer.images.network import ClassNetwork
from kgtransfer.images.training import rule_loss, train_network

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

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
        labels: how many classes are told apart.
        recipe: settings of fine-tuning.
        device: of the training.
        augmentation: random views of training images.
        rules: of the axioms, over the labels and then the values of all attributes, for methods
            that are trained on them.
    """

    backbone: Backbone
    concepts: ConceptEmbeddings
    labels: int
    recipe: FineTuning = field(default_factory=FineTuning)
    device: str = "cpu"
    augmentation: Augmentation = field(default_factory=Augmentation)
    rules: Rules | None = None

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
            self.backbone,
            self.labels,
            size=samples.inputs.shape[-1],
            by=method.by,
            concepts=concepts,
            relations=samples.grounding.relations,
            at=self.recipe.at,
            seed=seed,
            frozen_statistics=self.recipe.frozen_statistics,
            views=self.recipe.views,
        ).to(self.device)

    def train(
        self, method: ImageMethod, samples: Samples, offset: Floats, seed: int
    ) -> ClassNetwork:
        """See `Learner.train`."""
        network = self.network(method, samples, seed)
        train_network(
            network, samples, offset, self.recipe, self.augmentation,
            trained=method.trained, seed=seed, rules=self._rule_loss(method, samples),
        )  # fmt: skip
        return network

    def features(self, samples: Samples) -> Floats:
        """See `Learner.features`."""
        network = ClassNetwork.of(self.backbone, 0, size=samples.inputs.shape[-1])
        return network.to(self.device).predict(samples)

    def _rule_loss(self, method: ImageMethod, samples: Samples) -> RuleLoss | None:
        if not method.rules:
            return None
        if self.rules is None:
            raise ConfigError(
                "there are no rules between labels and values",
                cure="leave out arms that are trained on rules: a label is several classes",
            )
        return rule_loss(self.rules, samples, method.rules)
