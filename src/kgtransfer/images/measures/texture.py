"""Texture: how coarse, how even and how orderly the grain of an image is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import ndimage

from kgtransfer.images.measures.view import SIDE

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from kgtransfer.images.measures.view import View

    Floats = npt.NDArray[np.float64]

__all__ = [
    "coarse_detail",
    "coarseness",
    "correlation",
    "energy",
    "far_correlation",
    "fine_detail",
    "glcm_contrast",
    "homogeneity",
    "lbp_entropy",
    "middle_detail",
]

WINDOWS = 2, 4, 8, 16, 32  # pixels
SEEN = 0.02  # difference of luma from which on a grain is seen
LEVELS = 16  # of luma
NEAR, FAR = 2, 8  # pixels
BANDS = 2.0, 8.0, 32.0  # standard deviations in pixels that part fine, middle and coarse


def coarseness(view: View) -> float:
    """Mean width of the windows whose means differ most from one to the next, over the side.

    Tamura, Mori, Yamawaki: Textural features corresponding to visual perception. IEEE TSMC 8(6),
    1978. Over pixels where such a difference is seen; not a number where there is none.
    """
    steps = np.stack([_largest_step(view.luma, width) for width in WINDOWS])
    grain = steps.max(axis=0) >= SEEN
    if not grain.any():
        return math.nan
    widths = np.array(WINDOWS)[steps.argmax(axis=0)]
    return float(widths[grain].mean() / SIDE)


def _largest_step(luma: npt.NDArray[np.float32], width: int) -> npt.NDArray[np.float32]:
    """Difference of the means of the two windows beside each pixel, across or down."""
    half = width // 2
    means = ndimage.uniform_filter(luma, width)
    padded = np.pad(means, half, mode="edge")
    inner = slice(half, -half)
    down = padded[2 * half :, inner] - padded[: -2 * half, inner]
    right = padded[inner, 2 * half :] - padded[inner, : -2 * half]
    return np.asarray(np.maximum(np.abs(down), np.abs(right)))


def homogeneity(view: View) -> float:
    """Homogeneity of pairs of pixels at 2 pixels' distance: sum of p(i, j) / (1 + (i - j)^2)."""
    pairs = _pairs(view, NEAR)
    return float((pairs.shares / (1 + pairs.squares)).sum())


def energy(view: View) -> float:
    """Energy of pairs of pixels at 2 pixels' distance: root of the sum of p(i, j)^2."""
    return float(np.sqrt(np.square(_pairs(view, NEAR).shares).sum()))


def glcm_contrast(view: View) -> float:
    """Contrast of pairs at 2 pixels' distance: root of the mean of (i - j)^2, over 15 levels."""
    pairs = _pairs(view, NEAR)
    return math.sqrt((pairs.shares * pairs.squares).sum()) / (LEVELS - 1)


def correlation(view: View) -> float:
    """Correlation of luma with luma at 2 pixels' distance; not a number for an even image."""
    return _correlation(_pairs(view, NEAR))


def far_correlation(view: View) -> float:
    """Correlation of luma with luma at 8 pixels' distance; not a number for an even image."""
    return _correlation(_pairs(view, FAR))


class Pairs(NamedTuple):
    """Pairs of pixels: the share of each pair of levels, and the square of their difference."""

    shares: Floats
    squares: Floats


def _pairs(view: View, distance: int) -> Pairs:
    """Pairs of pixels in four directions, in 16 levels of luma.

    Haralick, Shanmugam, Dinstein: Textural features for image classification. IEEE TSMC 3(6), 1973.
    """
    from skimage.feature import graycomatrix

    count: Callable[..., Floats] = graycomatrix
    levels = np.minimum(view.luma * LEVELS, LEVELS - 1).astype(np.uint8)
    angles = [0, math.pi / 4, math.pi / 2, 3 * math.pi / 4]
    counts = count(levels, [distance], angles, LEVELS, symmetric=True)[:, :, 0].sum(axis=2)
    steps = np.arange(LEVELS, dtype=np.float64)
    return Pairs(counts / counts.sum(), np.square(steps[:, None] - steps))


def _correlation(pairs: Pairs) -> float:
    steps = np.arange(LEVELS)
    marginal = pairs.shares.sum(axis=0)
    deviation = steps - (marginal * steps).sum()
    variance = float((marginal * deviation**2).sum())
    if variance < 1e-9:
        return math.nan
    return float((pairs.shares * np.outer(deviation, deviation)).sum() / variance)


def lbp_entropy(view: View) -> float:
    """Shannon entropy of uniform local binary patterns, over its largest value.

    Of 8 neighbours at a distance of 2 pixels (Ojala, Pietikainen, Maenpaa, IEEE TPAMI 24(7), 2002).
    """
    from skimage.feature import local_binary_pattern

    code: Callable[..., Floats] = local_binary_pattern
    levels = np.rint(view.luma * 255).astype(np.uint8)
    inside = (slice(NEAR, -NEAR),) * 2  # beyond the border all is black to it
    codes = code(levels, 8, NEAR, "uniform")[inside].astype(np.int64)
    shares = np.bincount(codes.ravel(), minlength=10) / codes.size
    shares = shares[shares > 0]
    return float(abs((shares * np.log(shares)).sum()) / math.log(10))


def fine_detail(view: View) -> float:
    """Share of the three bands' energy in what a blur of 2 pixels takes away."""
    return _band_shares(view)[0]


def middle_detail(view: View) -> float:
    """Share of the three bands' energy between blurs of 2 and of 8 pixels."""
    return _band_shares(view)[1]


def coarse_detail(view: View) -> float:
    """Share of the three bands' energy between blurs of 8 and of 32 pixels."""
    return _band_shares(view)[2]


def _band_shares(view: View) -> tuple[float, float, float]:
    """Energy of differences of Gaussians, over their sum; not numbers for an even image."""
    if view.is_flat:
        return math.nan, math.nan, math.nan
    kept = [np.ones(view.shape), *(view.gaussian(sigma) for sigma in BANDS)]
    bands = [float(np.square(view.spectrum * (kept[n] - kept[n + 1])).sum()) for n in range(3)]
    fine, middle, coarse = (band / sum(bands) for band in bands)
    return fine, middle, coarse
