"""The outline of the whole white cell, among red cells that may touch it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from kgtransfer.images.cells.polar import Star, best_star

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Mask = npt.NDArray[np.bool_]

__all__ = ["cell_outline", "middle", "near_middle"]

NOISE = 0.02
"""Spread of optical density that is never gone below: camera noise and compression."""
EMPTY = 10.0
"""Squared distance from the colour of the background, in its own spread, that empty pixels keep."""
DECISIVE = 8.0
"""Difference of squared distances from which on a pixel counts fully."""
FAR = 0.42
"""Pixels that lie this far from the middle (of the image's smaller side) teach what surrounds."""
STIFFNESS = 0.5
MIN_PIXELS = 10
"""Pixels that a colour is learned from, at least."""


def cell_outline(density: Floats, dark: Mask) -> Star:
    """The region of the cell.

    Two passes of the best star-shaped region, over log-likelihood ratios of colours: of the empty
    background, of what lies at the image's margin (red cells), and of what surrounds the nucleus.

    Args:
        density: smoothed optical density, `[3, height, width]`.
        dark: pixels as dark as nuclei.
    """
    size = min(dark.shape)
    centre = near_middle(dark)
    radii = np.arange(1, 0.62 * size, 0.5, dtype=np.float32)
    cell = dark & (_distance(dark.shape, centre) < 0.3 * size)
    for has_outline in (False, True):
        star = best_star(_evidence(density, cell, dark, has_outline), centre, radii, STIFFNESS)
        cell = star.mask(dark.shape)
        centre = middle(cell)
    return star


def near_middle(dark: Mask) -> tuple[float, float]:
    """Row and column of the mean of the dark pixels near the middle of the image."""
    height, width = dark.shape
    rows, columns = np.nonzero(dark)
    row, column = height / 2, width / 2
    spread = 2 * (0.2 * min(height, width)) ** 2
    for _ in range(3):
        weights = np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / spread) + 1e-9
        weights /= weights.sum()
        row, column = float(rows @ weights), float(columns @ weights)
    return row, column


def middle(mask: Mask) -> tuple[float, float]:
    """Row and column of the centre of mass."""
    rows, columns = np.nonzero(mask)
    return float(rows.mean()), float(columns.mean())


def _evidence(density: Floats, cell: Mask, dark: Mask, has_outline: bool) -> Floats:
    """How much each pixel looks like the cell rather than its surroundings, -1 to 1."""
    size = min(dark.shape)
    total = density.sum(axis=0)
    void = _unlike(density, total <= np.quantile(total, 0.15))
    filled = void > EMPTY
    far = _distance(dark.shape, (dark.shape[0] / 2, dark.shape[1] / 2)) > FAR * size
    around = filled & far & ~ndimage.binary_dilation(cell, iterations=max(2, size // 14))
    outside, inside = void, np.full_like(void, EMPTY)
    if around.sum() > max(MIN_PIXELS, 0.03 * dark.size):
        outside = np.minimum(outside, _unlike(density, around))
    ring = ndimage.binary_dilation(cell, iterations=max(1, size // 24)) & ~dark & filled
    if has_outline and ring.sum() > max(MIN_PIXELS, 0.002 * dark.size):
        inside = np.minimum(inside, _unlike(density, ring))
    ratio = np.where(dark, DECISIVE, outside - inside)
    return np.clip(ratio / DECISIVE, -1, 1)


def _unlike(density: Floats, sample: Mask) -> Floats:
    """-2 log-likelihood, up to a constant, of every pixel under the Gaussian of the sample's."""
    pixels = density[:, sample]
    covariance = np.cov(pixels) + np.eye(3) * NOISE**2
    whiten = np.linalg.cholesky(np.linalg.inv(covariance)).T.astype(np.float32)
    centred = density.reshape(3, -1) - np.median(pixels, axis=1, keepdims=True)
    distance = np.square(whiten @ centred).sum(axis=0).reshape(density.shape[1:])
    shift = np.linalg.slogdet(covariance)[1] - 3 * np.log(NOISE**2)
    return np.asarray(distance + shift, dtype=np.float32)


def _distance(shape: tuple[int, int], centre: tuple[float, float]) -> npt.NDArray[np.float64]:
    rows = np.arange(shape[0])[:, None] - centre[0]
    columns = np.arange(shape[1]) - centre[1]
    return np.asarray(np.hypot(rows, columns))
