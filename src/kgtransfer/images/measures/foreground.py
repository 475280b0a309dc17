"""`Foreground`: what stands out against the colour of an image's border, and the objects in it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Mask = npt.NDArray[np.bool_]
    Labels = npt.NDArray[np.int32]

__all__ = ["Foreground"]

FRAME = 0.03  # of the shorter side: the border, whose median colour is the background's
LEAST = 0.08  # of the range of colours: what stands out less is no foreground
SMALLEST = 0.001  # of the image: smaller spots are no objects
TOUCHING = np.ones((3, 3), dtype=bool)  # diagonal neighbours belong together


class Foreground:
    """Pixels whose colour is far from the border's: beyond Otsu's threshold of the distance.

    Otsu: A threshold selection method from gray-level histograms. IEEE TSMC 9(1), 1979.

    Args:
        image: RGB, `[height, width, 3]`, uint8.
    """

    def __init__(self, image: npt.NDArray[np.uint8]) -> None:
        self._image = image

    @cached_property
    def distance(self) -> Floats:
        """Distance of each pixel's colour from the background's, 0 to 1, `[height, width]`.

        The background's is the colour in the border that is nearest to the median there. Root mean
        square over red, green and blue; colours are blurred by one pixel before.
        """
        colours = self._image.astype(np.float32)
        background = _middle_colour(colours[self.frame])
        return _distance(ndimage.gaussian_filter(colours, (1.0, 1.0, 0)), background)

    @cached_property
    def frame(self) -> Mask:
        """The outermost pixels, 3 % of the shorter side wide, `[height, width]`."""
        height, width = self._image.shape[:2]
        border = max(1, round(FRAME * min(height, width)))
        frame = np.ones((height, width), dtype=bool)
        frame[border:-border, border:-border] = False
        return frame

    @cached_property
    def _means(self) -> tuple[float, float]:
        """Mean distance on this and on the other side of Otsu's threshold."""
        from skimage.filters import threshold_otsu

        distance = self.distance
        if np.ptp(distance) < LEAST:
            return float(distance.mean()), float(distance.mean())
        threshold: Callable[..., float] = threshold_otsu
        beyond = distance > threshold(distance)
        return float(distance[~beyond].mean()), float(distance[beyond].mean())

    @property
    def contrast(self) -> float:
        """Mean distance beyond Otsu's threshold less the mean distance within it."""
        within, beyond = self._means
        return beyond - within

    @cached_property
    def beyond(self) -> Mask:
        """Pixels nearer to the mean beyond Otsu's threshold than to that within, `[h, w]`."""
        return np.asarray(self.distance > sum(self._means) / 2)

    @cached_property
    def labels(self) -> Labels:
        """Number of the object that a pixel belongs to, from 1 on; 0 outside, `[height, width]`."""
        if self.contrast < LEAST:
            return np.zeros(self.beyond.shape, dtype=np.int32)
        labels, count = ndimage.label(self.beyond, TOUCHING)
        numbers = np.zeros(count + 1, dtype=np.int32)
        large = np.bincount(labels.ravel(), minlength=count + 1) >= SMALLEST * labels.size
        large[0] = False
        numbers[large] = np.arange(1, large.sum() + 1)
        return np.asarray(numbers[labels])

    @cached_property
    def mask(self) -> Mask:
        """Pixels of objects, `[height, width]`."""
        return np.asarray(self.labels > 0)

    @cached_property
    def areas(self) -> npt.NDArray[np.int64]:
        """Pixels of each object."""
        return np.bincount(self.labels.ravel())[1:]

    @cached_property
    def largest(self) -> Mask | None:
        """The largest object, cut out by its bounding box; None where there is no object."""
        if not self.areas.size:
            return None
        number = int(self.areas.argmax()) + 1
        mask = self.labels == number
        rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
        return np.asarray(mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def _middle_colour(colours: Floats) -> Floats:
    """The one of colours, `[pixels, 3]`, that is nearest to their median by channel."""
    median = np.percentile(colours, 50, axis=0, method="lower")
    return np.asarray(colours[_distance(colours, median).argmin()])


def _distance(colours: Floats, colour: Floats) -> Floats:
    return np.asarray(np.sqrt(np.square(colours - colour).mean(axis=-1)) / 255)
