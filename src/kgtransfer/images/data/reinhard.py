"""Colours by Reinhard: an image at the mean colour and contrast of reference images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from kgtransfer.images.data.decode import Picture

    Floats = npt.NDArray[np.float64]

__all__ = ["Reinhard"]


@dataclass(frozen=True)
class Reinhard:
    """Brings each image to the mean colour and contrast of a reference, in CIE Lab.

    Reinhard, Ashikhmin, Gooch, Shirley: Color transfer between images, IEEE CG&A 21(5), 2001.

    Attributes:
        mean: of L, a, b over the reference.
        deviation: standard deviation of L, a, b within an image, over the reference.
    """

    mean: tuple[float, ...]
    deviation: tuple[float, ...]

    @classmethod
    def fitted(cls, pictures: Sequence[Picture]) -> Reinhard:
        """From reference images: the training set's.

        Raises:
            DataError: there are none.
        """
        return cls.of([cls.seen(picture) for picture in pictures])

    @staticmethod
    def seen(picture: Picture) -> Floats:
        """What `of` takes of an image: mean and standard deviation by channel, `[2, 3]`."""
        return _moments(_lab(picture))

    @classmethod
    def of(cls, seen: Sequence[Floats]) -> Reinhard:
        """As `fitted`, from what was `seen` in each image."""
        if not seen:
            raise DataError("no image to take the reference colours from", cure="give some")
        mean, deviation = np.mean(seen, axis=0)
        return cls(tuple(map(float, mean)), tuple(map(float, deviation)))

    def __call__(self, picture: Picture) -> Picture:
        """The image `[h, w, 3]`, uint8, in the reference's colours."""
        from skimage.color import lab2rgb

        lab = _lab(picture)
        mean, deviation = _moments(lab)
        moved = (lab - mean) / np.maximum(deviation, 1e-3) * self.deviation + self.mean
        return np.asarray(np.clip(lab2rgb(moved), 0, 1) * 255 + 0.5, dtype=np.uint8)


def _lab(picture: Picture) -> Floats:
    from skimage.color import rgb2lab

    return np.asarray(rgb2lab(picture), dtype=np.float64)


def _moments(lab: Floats) -> Floats:
    """Mean and standard deviation by channel, `[2, 3]`."""
    pixels = lab.reshape(-1, 3)
    return np.stack([pixels.mean(axis=0), pixels.std(axis=0)])
