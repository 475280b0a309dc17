"""Contrast, and how sharp and how noisy an image is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.images.measures.view import View

    Floats = npt.NDArray[np.float32]

__all__ = ["blur", "centre_contrast", "global_contrast", "local_contrast", "noise", "sharpness"]

WINDOW = 7  # pixels
BLUR = 11  # pixels of the mean that an image is blurred by, to see how much that changes
SECOND = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32)
QUARTILE = 0.6745  # median of the absolute values of a standard normal variable


def global_contrast(view: View) -> float:
    """95th less 5th percentile of luma."""
    low, high = np.percentile(view.luma, [5, 95])
    return float(high - low)


def local_contrast(view: View) -> float:
    """Mean standard deviation of luma in windows of 7 by 7 pixels."""
    values = view.luma - view.luma.mean()
    squares, mean = (ndimage.uniform_filter(v, WINDOW) for v in (values**2, values))
    return float(np.sqrt(np.maximum(squares - mean**2, 0)).mean())


def centre_contrast(view: View) -> float:
    """Mean luma of the middle less that around it; the middle has half of height and width."""
    height, width = view.shape
    top, left = height // 4, width // 4
    middle = view.luma[top : height - top, left : width - left]
    around = (view.luma.sum() - middle.sum()) / (view.luma.size - middle.size)
    return float(middle.mean() - around)


def sharpness(view: View) -> float:
    """Standard deviation of the Laplacian of luma over eight times that of luma, 0 to 1.

    White noise has .56; not a number for an even image.
    """
    if view.is_flat:
        return math.nan
    laplacian = ndimage.laplace(view.luma)
    return float(min(1.0, laplacian.std() / (8 * view.luma.std())))


def blur(view: View) -> float:
    """How little a blur changes the differences of neighbours: 0 sharp, 1 all blurred.

    Crete and others: The blur effect. Proc. SPIE 6492, 2007. The larger of the values along rows
    and columns; not a number for an even image.
    """
    if view.is_flat:
        return math.nan
    kept = [_kept_by_blurring(view.luma, axis) for axis in (0, 1)]
    return max(share for share in kept if not math.isnan(share))


def _kept_by_blurring(luma: Floats, axis: int) -> float:
    before = np.abs(np.diff(luma, axis=axis))
    after = np.abs(np.diff(ndimage.uniform_filter1d(luma, BLUR, axis), axis=axis))
    total = float(before.sum())
    if total < 1e-3 * math.sqrt(luma.size):
        return math.nan
    return 1 - float(np.maximum(before - after, 0).sum()) / total


def noise(view: View) -> float:
    """Standard deviation of white noise in luma, as the median of second differences tells it.

    Immerkaer: Fast noise variance estimation. CVIU 64(2), 1996, with the median in place of the
    mean, so that edges do not count; at most a half.
    """
    differences = ndimage.convolve(view.luma, SECOND)
    return float(min(0.5, np.median(np.abs(differences)) / (6 * QUARTILE)))
