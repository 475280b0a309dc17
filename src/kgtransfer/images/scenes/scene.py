"""`Scene`: an image from above at one size, and what several measures ask of it, found once."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Mask = npt.NDArray[np.bool_]

__all__ = ["SIDE", "Scene"]

SIDE = 128
"""Scenes are brought to the area of a square of this side: sizes are shares of it."""

SHORTEST = 16  # pixels of the shorter side, however long the other one is


class Scene:
    """A true-colour image from above.

    Args:
        image: `[height, width, 3]`, uint8; any size.

    Attributes:
        image: the same, brought to 128 x 128 pixels in area.
    """

    def __init__(self, image: npt.NDArray[np.uint8]) -> None:
        self.image = _resized(image)

    @cached_property
    def colours(self) -> Floats:
        """Red, green and blue, 0 to 1, `[3, height, width]`."""
        values = np.ascontiguousarray(np.moveaxis(self.image, 2, 0), dtype=np.float32)
        return values / np.float32(255)

    @cached_property
    def hsv(self) -> Floats:
        """Hue in degrees, saturation and value 0 to 1, `[3, height, width]`."""
        from PIL import Image

        bytes_ = np.asarray(Image.fromarray(self.image).convert("HSV"))
        scale = np.array([360, 1, 1], dtype=np.float32)[:, None, None] / 255
        return np.asarray(np.moveaxis(bytes_, 2, 0) * scale)

    @cached_property
    def brightness(self) -> Floats:
        """Luma by ITU-R BT.601, 0 to 1, `[height, width]`."""
        luma = np.array([0.299, 0.587, 0.114], dtype=np.float32)
        return np.asarray(np.tensordot(luma, self.colours, 1))

    @cached_property
    def gradient(self) -> Floats:
        """Change of the smoothed brightness a pixel, downward and rightward, `[2, h, w]`."""
        smooth = ndimage.gaussian_filter(self.brightness, 1.0)
        return np.stack([ndimage.sobel(smooth, axis=axis) / 8 for axis in (0, 1)])

    @cached_property
    def edges(self) -> Mask:
        """Edge pixels, one wide, `[height, width]` (Canny, IEEE TPAMI 8(6), 1986)."""
        from skimage.feature import canny

        find: Callable[..., Mask] = canny
        return find(self.brightness, 1.0, 0.1, 0.3)

    @cached_property
    def deviation(self) -> Floats:
        """Standard deviation of brightness in the 7 by 7 pixels around each, `[height, width]`."""
        values = self.brightness
        squares, mean = (ndimage.uniform_filter(v, 7) for v in (values**2, values))
        return np.asarray(np.sqrt(np.maximum(squares - mean**2, 0)))

    @cached_property
    def greenness(self) -> Floats:
        """Excess green 2g - r - b of the chromatic coordinates, `[height, width]`."""
        red, green, blue = self.colours
        return np.asarray((2 * green - red - blue) / np.maximum(red + green + blue, 0.05))


def _resized(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    from PIL import Image

    height, width = image.shape[:2]
    scale = SIDE / math.sqrt(height * width)
    size = max(SHORTEST, round(width * scale)), max(SHORTEST, round(height * scale))
    if size == (width, height):
        return image
    return np.asarray(Image.fromarray(image).resize(size, Image.Resampling.LANCZOS))
