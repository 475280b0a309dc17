"""`View`: an image at one size, and what several measures ask of it, computed once."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import fft, ndimage

from kgtransfer.images.measures.autocorrelation import Autocorrelation
from kgtransfer.images.measures.foreground import Foreground
from kgtransfer.images.measures.outline import Outline
from kgtransfer.images.measures.skeleton import Skeleton

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]
    Floats = npt.NDArray[np.float32]
    Mask = npt.NDArray[np.bool_]
    Picture = npt.NDArray[np.uint8]

__all__ = ["SIDE", "View"]

SIDE = 128
"""Images are brought to the area of a square of this side: sizes are shares of it."""

SHORTEST, LONGEST = 16, 1024  # pixels of the sides, however narrow the image is
LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32) / 255
SLOW = 8.0  # pixels of the blur that shows the slow changes of an image
SEEN = 0.02  # local contrast that counts as nothing
COLOURED = 0.2, 0.15  # saturation and value from which on a hue is seen
FLAT = 1e-6
"""Variance of luma below which an image is even: a quarter of a grey level."""


class View:
    """An image as its measures see it; nothing in it changes.

    Args:
        image: RGB, `[height, width, 3]`, uint8; any size.

    Attributes:
        image: the same, brought to 128 x 128 pixels in area, its proportions kept.
    """

    def __init__(self, image: Picture) -> None:
        self.image = _resized(image)

    @cached_property
    def hsv(self) -> Picture:
        """Hue (256 steps from red to red), saturation and value, `[3, height, width]`, uint8."""
        from PIL import Image

        return np.moveaxis(np.asarray(Image.fromarray(self.image).convert("HSV")), 2, 0)

    def at_least(self, saturation: float, value: float) -> Mask:
        """Pixels with that saturation and value (HSV, 0 to 1) or more, `[height, width]`."""
        return np.asarray((self.hsv[1] >= saturation * 255) & (self.hsv[2] >= value * 255))

    @cached_property
    def hues(self) -> Doubles:
        """Share of pixels of each hue, of 256, where a hue is seen; the rest is grey."""
        counts = np.bincount(self.hsv[0][self.at_least(*COLOURED)], minlength=256)
        return counts / self.luma.size

    @cached_property
    def luma(self) -> Floats:
        """Luma by ITU-R BT.601, 0 to 1, `[height, width]`."""
        return np.asarray(self.image.astype(np.float32) @ LUMA, dtype=np.float32)

    @cached_property
    def is_flat(self) -> bool:
        """Whether luma is the same everywhere."""
        return float(self.luma.var()) < FLAT

    @cached_property
    def spectrum(self) -> Doubles:
        """Orthonormal cosine transform (DCT-II) of luma without its mean, `[height, width]`.

        Squares sum up to those of luma. Beyond its border an image goes on as its mirror image.
        """
        return _transform(self.luma - self.luma.mean(dtype=np.float64))

    def gaussian(self, sigma: float) -> Doubles:
        """Factors, `[height, width]`, that a Gaussian blur multiplies the spectrum by."""
        down, right = (np.exp(-0.5 * (sigma * np.pi / n * np.arange(n)) ** 2) for n in self.shape)
        return np.outer(down, right)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.image.shape[0], self.image.shape[1]

    @cached_property
    def smooth(self) -> Floats:
        """Luma after a Gaussian blur of one pixel, `[height, width]`."""
        return np.asarray(ndimage.gaussian_filter(self.luma, 1.0))

    @cached_property
    def gradient(self) -> Floats:
        """Change of the smooth luma a pixel, downward and rightward, `[2, height, width]`."""
        return np.stack([ndimage.sobel(self.smooth, axis=axis) / 8 for axis in (0, 1)])

    @cached_property
    def autocorrelation(self) -> Autocorrelation:
        """That of luma, its slow changes and its local contrast taken out."""
        slow = self.gaussian(SLOW)
        detail = fft.idctn(self.spectrum * (1 - slow), norm="ortho")
        power = fft.idctn(_transform(np.square(detail)) * slow, norm="ortho")
        return Autocorrelation(detail / np.sqrt(np.maximum(power, 0) + SEEN**2))

    @cached_property
    def edges(self) -> Mask:
        """Edge pixels, one wide, `[height, width]` (Canny, IEEE TPAMI 8(6), 1986)."""
        from skimage.feature import canny

        find: Callable[..., Mask] = canny
        return find(self.luma, 1.0, 0.1, 0.3)

    @cached_property
    def foreground(self) -> Foreground:
        """What stands out against the colour of the border."""
        return Foreground(self.image)

    @cached_property
    def outline(self) -> Outline | None:
        """The largest object; None where there is no object."""
        largest = self.foreground.largest
        return None if largest is None else Outline(largest)

    @cached_property
    def skeleton(self) -> Skeleton:
        """The centre lines of the foreground."""
        return Skeleton(self.foreground.mask)


def _transform(values: Doubles) -> Doubles:
    """Orthonormal cosine transform (DCT-II) along both axes."""
    return np.asarray(fft.dctn(values, norm="ortho"))


def _resized(image: Picture) -> Picture:
    """By filters that never overshoot: no colour appears that lies outside of the image's own."""
    from PIL import Image

    height, width = image.shape[:2]
    scale = SIDE / math.sqrt(height * width)
    down, right = (min(max(SHORTEST, round(n * scale)), LONGEST) for n in (height, width))
    if (down, right) != (height, width):
        way = Image.Resampling.HAMMING if scale < 1 else Image.Resampling.BILINEAR
        image = np.asarray(Image.fromarray(image).resize((right, down), way))
    kept = np.array(image)
    kept.flags.writeable = False
    return kept
