"""`ImageTextModel`: what scores images by texts; and a classifier that is opened to them."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from kgtransfer.embedding.text import encoder_fingerprint, text_encoder, text_vectors
from kgtransfer.images.synsets.head import SynsetGrounder
from kgtransfer.images.texts.heads import TextHeads, unit
from kgtransfer.images.texts.prompts import class_descriptions, prompted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from kgtransfer.embedding.text import EncoderLike
    from kgtransfer.images.backbone import VisionBackbone
    from kgtransfer.images.data.decode import Picture

    Floats = npt.NDArray[np.float64]

__all__ = ["ImageTextModel", "TextImageMap", "text_scores"]


class ImageTextModel(Protocol):
    """Images and texts in one space: any object with these."""

    @property
    def hash(self) -> str:
        """Digest of all that decides on images and texts."""
        ...

    @property
    def code(self) -> bytes:
        """Digest of all that decides on features; they are not kept where it is empty."""
        ...

    @property
    def width(self) -> int:
        """Of the space."""
        ...

    def features(self, samples: Sequence[Picture]) -> Floats:
        """Photos, RGB, uint8, of any size -> `[photos, width]`."""
        ...

    def heads(self, texts: Sequence[str]) -> Floats:
        """Names of things -> unit vectors `[texts, width]`; their products with features score."""
        ...


def text_scores(features: Floats, heads: Floats) -> Floats:
    """Features of one domain's images, and heads of texts -> `[images, texts]`, standardised.

    Each text's scores have the mean 0 and the standard deviation 1 over the images: a text that is
    close to every image of a domain (a hub) says nothing of any one. No label is looked at.
    """
    scores = features @ heads.T
    return np.asarray((scores - scores.mean(axis=0)) / np.maximum(scores.std(axis=0), 1e-9))


class TextImageMap:
    """A frozen classifier of ImageNet opened to words: any text scores any image.

    The head's rows and the texts of its own classes are all it learns from (`TextHeads`): no image,
    no label, and no model that has seen images with texts.

    Args:
        backbone: with the head that its weights were trained with.
        text: the sentence encoder: a bundled name, a model folder or any object that encodes.
        size: side of the square that photos are brought to, in pixels.
        cache: folder that keeps vectors of texts, by their content; None encodes them anew.
        device: where the classifier runs.

    Raises:
        DataError: the head is none of ImageNet's, or there is no such encoder.
    """

    def __init__(
        self,
        backbone: VisionBackbone,
        *,
        text: EncoderLike = "minilm",
        size: int = 160,
        cache: Path | None = None,
        device: str = "cpu",
    ) -> None:
        encoder = text_encoder(text)
        assert encoder is not None, "a text encoder is always given"
        self._encoder, self._cache = encoder, cache
        self.classifier = SynsetGrounder(backbone, size=size, device=device)

    @cached_property
    def hash(self) -> str:
        """Digest of the classifier and of the encoder."""
        parts = f"{self.classifier.hash} {encoder_fingerprint(self._encoder)}"
        return hashlib.sha256(parts.encode()).hexdigest()

    @property
    def code(self) -> bytes:
        """Digest of the classifier and of the code that runs it: texts do not change features."""
        return self.classifier.code

    @property
    def width(self) -> int:
        """Of the features."""
        return self.classifier.width

    def features(self, samples: Sequence[Picture]) -> Floats:
        """What the classifier's head reads: `[photos, width]`."""
        return self.classifier.features(samples)

    def heads(self, texts: Sequence[str]) -> Floats:
        """Names of things -> a row of the head for each, `[texts, width]`, of length 1."""
        return self._heads(self._means([prompted(text) for text in texts]))

    def scores(self, features: Floats, texts: Sequence[str]) -> Floats:
        """Features of one domain's images, and texts -> scores `[images, texts]`.

        Logits of classes without any label, if the texts are their names; see `text_scores`.
        """
        return text_scores(features, self.heads(texts))

    @cached_property
    def _heads(self) -> TextHeads:
        rows = self.classifier.rows
        described = class_descriptions(len(rows))
        return TextHeads.fitted([self._means(sentences) for sentences in described], rows)

    def _means(self, sentences: Sequence[Sequence[str]]) -> Floats:
        """Sentences of each thing -> unit mean vectors `[things, d]`."""
        every = [sentence for several in sentences for sentence in several]
        vectors = text_vectors(every, self._encoder, cache=self._cache).double().numpy()
        ends = np.cumsum([len(several) for several in sentences])[:-1]
        return unit(np.stack([part.mean(axis=0) for part in np.split(unit(vectors), ends)]))
