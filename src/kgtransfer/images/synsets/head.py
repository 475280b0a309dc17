"""`SynsetGrounder`: any photo grounded on the synsets that a pre-trained head can name."""

from __future__ import annotations

import hashlib
import inspect
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from kgtransfer.errors import DataError
from kgtransfer.grounding.observations import Observations
from kgtransfer.images.data.square import fitted_to_square
from kgtransfer.knowledge.wordnet import synset_iri
from kgtransfer.utils.progress import bar

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from torch import Tensor

    from kgtransfer.grounding.base import Grounding
    from kgtransfer.images.backbone import VisionBackbone
    from kgtransfer.images.data.decode import Picture

    Floats = npt.NDArray[np.float64]

__all__ = ["DEPICTED", "SynsetGrounder", "synsets_of_head"]

DEPICTED = "https://w3id.org/kgtransfer/ns#depicted"
"""The attribute whose values are synsets: what a photo depicts."""

BATCH = 32
_THIS = sys.modules[__name__]


class SynsetGrounder:
    """The head of a pre-trained image model as grounding: p(synset | photo) is its softmax.

    Nothing is trained, and no label is seen: what the head learned to name is knowledge as well.

    Args:
        backbone: with the head that its weights were trained with.
        size: side of the square that photos are brought to, in pixels.
        synsets: id of each of the head's classes; by default those of ImageNet that fit it.
        device: where the model runs.

    Attributes:
        hash: digest of backbone and size, 64 hex digits.
        concepts: IRIs of the synsets.
        relations: `DEPICTED`.

    Raises:
        DataError: the head has another number of classes than there are synsets.
    """

    def __init__(
        self,
        backbone: VisionBackbone,
        *,
        size: int = 160,
        synsets: Sequence[str] | None = None,
        device: str = "cpu",
    ) -> None:
        self.hash = hashlib.sha256(f"{backbone.hash} {size}".encode()).hexdigest()
        self._model: Any = backbone.build(size=size).eval().to(device)
        self._size, self._device = size, device
        self._scale = [torch.tensor(part).view(1, 3, 1, 1) for part in backbone.normalisation]
        head = self._head().weight.shape[0]
        ids = tuple(synsets or synsets_of_head(head))
        if len(ids) != head:
            raise DataError(
                f"{backbone.architecture}: the head has {head} classes, not {len(ids)}",
                cure="name the synset of each class, in the order of the head",
            )
        self.concepts: tuple[str, ...] = tuple(map(synset_iri, ids))
        self.relations: tuple[str, ...] = (DEPICTED,)

    def ground(self, samples: Sequence[Picture]) -> Grounding:
        """Photos -> their synsets by one relation, weighted as in `observe`."""
        return self.observe(samples).grounding(self.concepts)

    def observe(self, samples: Sequence[Picture]) -> Observations:
        """How strongly each photo shows each synset: one attribute, rows sum to one."""
        return self.observations(self.features(samples))

    def observations(self, features: Floats) -> Observations:
        """As `observe`, from features that were taken before."""
        with torch.no_grad():
            logits = self._head()(torch.from_numpy(features).float().to(self._device))
        shares = logits.double().softmax(dim=1).cpu().numpy()
        return Observations({DEPICTED: self.concepts}, {DEPICTED: shares})

    @property
    def width(self) -> int:
        """Of the features."""
        return int(self._head().weight.shape[1])

    @property
    def rows(self) -> Floats:
        """Weights of the head, `[classes, width]`: the direction of each class in the features."""
        return np.asarray(self._head().weight.detach().double().cpu().numpy())

    @cached_property
    def code(self) -> bytes:
        """Digest of the model and of the code that runs it: what decides on the features."""
        return hashlib.sha256(f"{self.hash}\n{inspect.getsource(_THIS)}".encode()).digest()

    def features(self, samples: Sequence[Picture]) -> Floats:
        """What the head reads: `[photos, width]`. Photos are RGB, uint8, of any size."""
        parts = [np.empty((0, self.width))]
        with bar("features of photos", len(samples)) as advance, torch.no_grad():
            for start in range(0, len(samples), BATCH):
                batch = samples[start : start + BATCH]
                parts.append(self._features(batch).double().cpu().numpy())
                advance(len(batch))
        return np.concatenate(parts)

    def _features(self, batch: Sequence[Picture]) -> Tensor:
        squares = np.stack([fitted_to_square(picture, self._size) for picture in batch])
        mean, deviation = self._scale
        pixels = (torch.from_numpy(squares).permute(0, 3, 1, 2) / 255 - mean) / deviation
        maps = self._model.forward_features(pixels.to(self._device))
        features: Tensor = self._model.forward_head(maps, pre_logits=True)
        return features

    def _head(self) -> torch.nn.Linear:
        head: torch.nn.Linear = self._model.get_classifier()
        return head


def synsets_of_head(classes: int) -> tuple[str, ...]:
    """Ids of the classes of a model that was trained on ImageNet, in the order of its head.

    Args:
        classes: 1,000 for ImageNet-1k, 11,821 and 21,841 for larger parts of ImageNet.

    Raises:
        DataError: no selection of ImageNet that timm knows has so many classes.
    """
    import timm.data

    names = {1000: "imagenet-1k", 11821: "imagenet-12k", 21841: "imagenet-22k"}
    if classes not in names:
        raise DataError(
            f"a head of {classes} classes is none of ImageNet",
            cure="give weights with their ImageNet head, or name the synset of each class",
        )
    info: Any = vars(timm.data)["ImageNetInfo"](names[classes])
    return tuple(info.label_names())
