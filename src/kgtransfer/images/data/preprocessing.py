"""Preprocessing: what is done to all images alike, for every arm, before any knowledge is used.

Stain, camera and scale differ between domains and say nothing of the class. Taking them out is
worth more than most models; an experiment that gave it only to its own arm would prove nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F

from kgtransfer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from torch import Tensor

    from kgtransfer.images.data.decode import Picture

    Floats = npt.NDArray[np.float64]

__all__ = ["Augmentation", "Reinhard", "fitted_to_square", "turned"]


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
        if not pictures:
            raise DataError("no image to take the reference colours from", cure="give some")
        moments = [_moments(_lab(picture)) for picture in pictures]
        mean, deviation = np.mean(moments, axis=0)
        return cls(tuple(map(float, mean)), tuple(map(float, deviation)))

    def __call__(self, picture: Picture) -> Picture:
        """The image `[h, w, 3]`, uint8, in the reference's colours."""
        from skimage.color import lab2rgb

        lab = _lab(picture)
        mean, deviation = _moments(lab)
        moved = (lab - mean) / np.maximum(deviation, 1e-3) * self.deviation + self.mean
        return np.asarray(np.clip(lab2rgb(moved), 0, 1) * 255 + 0.5, dtype=np.uint8)


def fitted_to_square(picture: Picture, size: int) -> Picture:
    """The image's middle square, brought to `size` pixels a side by bicubic resampling."""
    from PIL import Image

    side = min(picture.shape[:2])
    top, left = ((length - side) // 2 for length in picture.shape[:2])
    square = Image.fromarray(picture[top : top + side, left : left + side])
    return np.asarray(square.resize((size, size), Image.Resampling.BICUBIC))


@dataclass(frozen=True)
class Augmentation:
    """Random views of a batch: zoomed, in slightly other colours, turned and mirrored if so asked.

    Attributes:
        turns: any angle where true, as under a microscope; upright otherwise.
        mirrors: left and right are swapped at random where true: neither side means anything.
        zoom: largest relative change of scale.
        colours: largest relative change of each channel, and largest shift of it.
    """

    turns: bool = False
    mirrors: bool = False
    zoom: float = 0.25
    colours: float = 0.2

    def __call__(self, batch: Tensor, random: torch.Generator) -> Tensor:
        """`[batch, 3, h, w]` of values -1 to 1 -> the same shape; `random` is on the CPU."""
        count = len(batch)
        views = F.grid_sample(
            batch,
            F.affine_grid(self._maps(count, random).to(batch), list(batch.shape), False),
            padding_mode="reflection",
            align_corners=False,
        )
        gain, shift = (self.colours * _signed(random, count, 3, 1, 1).to(batch) for _ in range(2))
        return views * (1 + gain) + shift

    def _maps(self, count: int, random: torch.Generator) -> Tensor:
        """Affine maps `[count, 2, 3]` from positions in the view to positions in the image."""
        angle = math.pi * self.turns * _signed(random, count)
        scale = 1 + self.zoom * _signed(random, count)
        side = _signed(random, count).sign()
        mirror = side if self.mirrors else torch.ones(count)
        cos, sin, zero = angle.cos() / scale, angle.sin() / scale, torch.zeros(count)
        rows = [cos * mirror, -sin, zero, sin * mirror, cos, zero]
        return torch.stack(rows, dim=1).view(count, 2, 3)


def turned(batch: Tensor, view: int) -> Tensor:
    """One of the eight views of square images that show the same: turned, then mirrored.

    Args:
        batch: `[..., size, size]`.
        view: 0 to 7; 0 is the images as they are, 4 and more are mirrored.
    """
    rotated = torch.rot90(batch, view % 4, (-2, -1))
    return rotated.flip(-1) if view >= 4 else rotated


def _signed(random: torch.Generator, *shape: int) -> Tensor:
    """Uniform between -1 and 1."""
    return 2 * torch.rand(*shape, generator=random) - 1


def _lab(picture: Picture) -> Floats:
    from skimage.color import rgb2lab

    return np.asarray(rgb2lab(picture), dtype=np.float64)


def _moments(lab: Floats) -> Floats:
    """Mean and standard deviation by channel, `[2, 3]`."""
    pixels = lab.reshape(-1, 3)
    return np.stack([pixels.mean(axis=0), pixels.std(axis=0)])
