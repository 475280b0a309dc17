"""Objects: single things that stand out from their surroundings, and circles among the edges."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from kgtransfer.images.scenes.scene import SIDE

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.images.scenes.scene import Scene

__all__ = ["circle_share", "object_count", "object_size"]

AROUND = 41  # pixels of the surroundings
STANDS_OUT = 0.12  # brightness
SMALLEST, LARGEST = 6, 0.1  # pixels; share of the image
RADII = range(4, 52, 4)  # pixels
MIN_EDGE_SHARE = 0.002  # share of edge pixels below which nothing is said of circles
ROUND = 0.5  # share of a circle's circumference that is there, at least


def object_count(scene: Scene) -> float:
    """Count of areas that are brighter or darker than their surroundings."""
    return float(len(_areas(scene)))


def object_size(scene: Scene) -> float:
    """Root of the area that half of the objects' area lies in larger ones of, in image widths.

    Not a number where there is hardly any object.
    """
    areas = np.sort(_areas(scene))
    if areas.sum() < 50:
        return math.nan
    middle = areas[np.searchsorted(areas.cumsum(), areas.sum() / 2)]
    return math.sqrt(float(middle)) / SIDE


@lru_cache(maxsize=1)
def _areas(scene: Scene) -> npt.NDArray[np.int64]:
    """Pixels of each object."""
    smooth = ndimage.gaussian_filter(scene.brightness, 0.7)
    beyond = smooth - ndimage.uniform_filter(scene.brightness, AROUND)
    counts = []
    for mask in (beyond > STANDS_OUT, beyond < -STANDS_OUT):
        labels, _ = ndimage.label(mask)
        counts.append(np.bincount(labels.ravel())[1:])
    areas = np.concatenate(counts)
    return areas[(areas >= SMALLEST) & (areas <= LARGEST * scene.brightness.size)]


def circle_share(scene: Scene) -> float:
    """Share of edge pixels on the clearest circle with a radius of 3 to 40 % of the width.

    Each edge pixel votes for the centres that its gradient points to (Kimme, Ballard, Sklansky:
    Finding circles by an array of accumulators, CACM 18(2), 1975); half of the circumference must
    vote for one. Not a number where there is hardly an edge.
    """
    pixels = np.argwhere(scene.edges).T  # [2, edges]
    if scene.edges.mean() < MIN_EDGE_SHARE:
        return math.nan
    slopes = scene.gradient[:, pixels[0], pixels[1]]
    toward = slopes / np.maximum(np.linalg.norm(slopes, axis=0), 1e-9)
    most = [
        votes if votes >= ROUND * 2 * math.pi * radius else 0
        for radius in RADII
        for votes in (_votes(pixels + way * radius * toward, scene) for way in (-1, 1))
    ]
    return float(min(1.0, max(most) / pixels.shape[1]))


def _votes(centres: npt.NDArray[np.float64], scene: Scene) -> int:
    """The most centres, `[2, votes]`, that fall into five by five pixels."""
    height, width = scene.edges.shape
    rows, columns = np.rint(centres).astype(int)
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    flat = rows[inside] * width + columns[inside]
    counts = np.bincount(flat, minlength=height * width).reshape(height, width)
    return int(ndimage.uniform_filter(counts.astype(np.float32), 5).max() * 25 + 0.5)
