"""Stains by Macenko: an image as amounts of two dyes, brought to a reference's dyes and amounts."""

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
    Dyes = tuple[Floats, Floats]

__all__ = ["Macenko"]

LIGHT = 240.0  # of the background
FAINT = 0.15  # optical density below which a pixel shows no dye
ROBUST = (1.0, 99.0)  # percentiles that stand for the ends of angles and amounts


@dataclass(frozen=True)
class Macenko:
    """Brings each image's two dyes, found in it, to those of a reference.

    Macenko et al.: A method for normalizing histology slides for quantitative analysis, ISBI 2009.
    An image without enough dye to tell is left as it is.

    Attributes:
        dyes: unit vectors of optical density by channel, `[2][3]`, the redder one second.
        most: 99th percentile of each dye's amount.
    """

    dyes: tuple[tuple[float, ...], ...]
    most: tuple[float, ...]

    @classmethod
    def fitted(cls, pictures: Sequence[Picture]) -> Macenko:
        """From reference images: the median of their dyes and amounts.

        Raises:
            DataError: none of them shows enough dye.
        """
        return cls.of([cls.seen(picture) for picture in pictures])

    @staticmethod
    def seen(picture: Picture) -> Dyes | None:
        """What `of` takes of an image: its dyes; None where too little is stained."""
        return _dyes(_density(picture))

    @classmethod
    def of(cls, seen: Sequence[Dyes | None]) -> Macenko:
        """As `fitted`, from what was `seen` in each image."""
        fitted = [dyes for dyes in seen if dyes is not None]
        if not fitted:
            raise DataError("no image shows two dyes", cure="take the colours as they are")
        vectors = np.median([dyes for dyes, _ in fitted], axis=0)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        most = np.median([amounts for _, amounts in fitted], axis=0)
        return cls(tuple(tuple(map(float, row)) for row in vectors), tuple(map(float, most)))

    def __call__(self, picture: Picture) -> Picture:
        """The image `[h, w, 3]`, uint8, in the reference's dyes."""
        density = _density(picture)
        own = _dyes(density)
        if own is None:
            return picture
        dyes, most = own
        amounts = _amounts(density, dyes) * (np.array(self.most) / np.maximum(most, 1e-6))
        light = LIGHT * np.exp(-amounts @ np.array(self.dyes))
        return np.asarray(light.clip(0, 255) + 0.5, dtype=np.uint8).reshape(picture.shape)


def _density(picture: Picture) -> Floats:
    """Optical density, `[pixels, 3]`."""
    pixels = picture.reshape(-1, 3).astype(np.float64)
    return np.asarray(-np.log((pixels + 1) / LIGHT))


def _dyes(density: Floats) -> Dyes | None:
    """The two dyes `[2, 3]` of an image and the most of each; None where too little is stained."""
    stained = density[(density > FAINT).all(axis=1)]
    if len(stained) < 100:
        return None
    _, vectors = np.linalg.eigh(np.cov(stained.T))
    plane = vectors[:, 1:]  # of the two largest eigenvalues
    plane *= np.where(plane.sum(axis=0) < 0, -1, 1)
    turned = stained @ plane
    angles = np.percentile(np.arctan2(turned[:, 1], turned[:, 0]), ROBUST)
    dyes = np.stack([plane @ [np.cos(angle), np.sin(angle)] for angle in angles])
    dyes = dyes[np.argsort(-dyes[:, 0])]  # by what they take of red: the bluer dye first
    most = np.percentile(_amounts(stained, dyes), ROBUST[1], axis=0)
    return dyes, np.asarray(most)


def _amounts(density: Floats, dyes: Floats) -> Floats:
    """Amounts `[pixels, 2]` of dyes that explain densities best, in the sense of least squares."""
    return np.asarray(density @ np.linalg.pinv(dyes))
