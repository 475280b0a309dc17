"""`FineTuning`: how a network is trained on few labelled images."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["FineTuning"]


@dataclass(frozen=True)
class FineTuning:
    """Settings of fine-tuning, the same for every arm; chosen on validation images only.

    Attributes:
        steps: gradient steps for each square root of a training image: more images, fewer epochs.
        lr: of the pre-trained layers. head_lr: of the head. conditioner_lr: of the conditioner.
        rate_beside_terms: factor on all rates where logit terms come before the network: what is
            left to learn is less.
        label_smoothing: Szegedy et al., CVPR 2016.
        frozen_statistics: keep BatchNorm's running statistics as pre-trained.
        views: of the eight turned and mirrored views of an image, how many are averaged to classify
            it; for images without an upright side.
        at: submodules whose outputs are conditioned.
        last: prefixes of the submodules that methods train whose `trained` is "last".
    """

    steps: float = 8.0
    batch_size: int = 32
    lr: float = 3e-4
    head_lr: float = 1e-2
    conditioner_lr: float = 1e-3
    rate_beside_terms: float = 0.1
    weight_decay: float = 0.01
    label_smoothing: float = 0.0
    frozen_statistics: bool = False
    views: int = 1
    at: tuple[str, ...] = ("global_pool",)
    last: tuple[str, ...] = ("blocks.5", "blocks.6", "conv_head", "bn2")

    def steps_for(self, images: int) -> int:
        """Gradient steps for a number of training images."""
        return max(1, round(self.steps * math.sqrt(images)))
