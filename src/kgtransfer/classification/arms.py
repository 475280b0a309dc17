"""The arms of image classification, as data, and the settings that they share."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["ClassArm", "FineTuning"]


@dataclass(frozen=True)
class ClassArm:
    """One way to classify images from few labels.

    Attributes:
        experts: what is known before the network looks, keys of `LOGIT_TERMS`: "axioms" on measured
            concepts, "numbers" (a regression on what was measured, no graph), or nothing.
        by: the conditioner, a key of `CONDITIONERS`; empty where no concept conditions.
        trained: what of the network is trained: "all" of it, the "last" stages, its "head", or
            "nothing": then the experts alone decide.
        shuffled: axiom rows permuted among the classes and vectors among the concepts, attribute
            by attribute: the placebo.
        rules: weight of the axioms as rules while the network is trained: what they forbid of its
            prediction beside what was measured costs.
        trusting: believe what was learned as much in another lab as at home.
        labels: labels per class, where the arm has a number of its own.
    """

    name: str
    experts: tuple[str, ...] = ()
    by: str = ""
    trained: str = "all"
    shuffled: bool = False
    rules: float = 0.0
    trusting: bool = False
    labels: int | None = None

    @property
    def is_seeded(self) -> bool:
        """Whether seeds make a difference: where labels are drawn, or rows shuffled."""
        return self.labels != 0 or self.shuffled


@dataclass(frozen=True)
class FineTuning:
    """Settings of fine-tuning, the same for every arm; chosen on validation images only.

    Attributes:
        steps: gradient steps for each square root of a training image: more images, fewer epochs.
        lr: of the pre-trained layers. head_lr: of the head. conditioner_lr: of the conditioner.
        beside_experts: factor on all rates where experts have said what is known: what is left to
            learn is less.
        label_smoothing: Szegedy et al., CVPR 2016.
        frozen_statistics: keep BatchNorm's running statistics as pre-trained.
        views: of the eight turned and mirrored views of an image, how many are averaged to classify
            it; for images without an upright side.
        at: submodules whose outputs are conditioned.
        last: prefixes of the submodules that the arm `last` trains.
    """

    steps: float = 8.0
    batch_size: int = 32
    lr: float = 3e-4
    head_lr: float = 1e-2
    conditioner_lr: float = 1e-3
    beside_experts: float = 0.1
    weight_decay: float = 0.01
    label_smoothing: float = 0.0
    frozen_statistics: bool = False
    views: int = 1
    at: tuple[str, ...] = ("global_pool",)
    last: tuple[str, ...] = ("blocks.5", "blocks.6", "conv_head", "bn2")

    def steps_for(self, images: int) -> int:
        """Gradient steps for a number of training images."""
        return max(1, round(self.steps * math.sqrt(images)))
