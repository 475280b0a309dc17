"""`Autocorrelation`: how like an image is to itself, moved by each distance."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import fft, ndimage

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

__all__ = ["Autocorrelation"]

ALIKE = 0.9  # of the highest peak: a nearer one of that height tells the period
AROUND = 5  # pixels in which a peak is the highest


class Autocorrelation:
    """The autocorrelation of an image at distances up to a third of its sides.

    Args:
        values: `[height, width]`; their mean is taken out.
    """

    def __init__(self, values: Floats) -> None:
        self._values = values - values.mean()

    @cached_property
    def heights(self) -> Floats:
        """Correlation of the parts that overlap, distance zero in the middle, where it is 1."""
        shape = self._values.shape
        far = [n // 3 for n in shape]
        double = [fft.next_fast_len(n + f, real=True) for n, f in zip(shape, far, strict=True)]
        sums = fft.irfft2(np.square(np.abs(fft.rfft2(self._values, double))), double)
        sums = np.roll(sums, far, (0, 1))[: 2 * far[0] + 1, : 2 * far[1] + 1]
        counts = [n - np.abs(np.arange(-f, f + 1)) for n, f in zip(shape, far, strict=True)]
        return np.asarray(sums / np.outer(*counts) / max(float(self._values.var()), 1e-9))

    @cached_property
    def peak(self) -> tuple[float, float]:
        """Height of the highest peak, and distance in pixels of the nearest that is about as high.

        What is connected with distance zero by correlations above 0 is no peak: an image is like
        itself close by, and along its lines. Both are 0 where there is no peak.
        """
        places = np.argwhere(self._peaks)
        if not len(places):
            return 0.0, 0.0
        heights = self.heights[tuple(places.T)]
        highest = heights.max()
        middle = np.array(self.heights.shape) // 2
        distances = np.linalg.norm(places[heights >= ALIKE * highest] - middle, axis=1)
        return float(highest), float(distances.min())

    @property
    def _peaks(self) -> Mask:
        heights = self.heights
        labels, _ = ndimage.label(heights > 0)
        down, right = (n // 2 for n in heights.shape)
        apart = (labels > 0) & (labels != labels[down, right])
        peaks = apart & (heights == ndimage.maximum_filter(heights, AROUND))
        peaks[[0, -1]] = peaks[:, [0, -1]] = False
        return np.asarray(peaks)
