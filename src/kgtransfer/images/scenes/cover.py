"""Covers: vegetation, water, buildings and shadow, and how far one cover reaches."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.images.scenes.scene import Scene

    Floats = npt.NDArray[np.float32]
    Mask = npt.NDArray[np.bool_]

__all__ = [
    "built_up",
    "built_up_share",
    "largest_segment_share",
    "shadow_share",
    "vegetation",
    "vegetation_share",
    "water",
    "water_share",
]

GREEN = 0.05  # excess green from which on a pixel is a plant's
HARD, LIT = 0.05, 0.25  # deviation and value that walls, roofs and vehicles have at least
AROUND, SHADED = 41, 0.6  # pixels of the surroundings; share of their brightness that shadows have
SMALLEST = 0.01  # of the image: a pool
ROUGHEST, UNEVEN = 0.03, 0.15  # deviation of water's brightness, and the same relative to it
GLASS, STILL = 0.015, 0.06  # relative deviation of a mirror, and of the water around it
SLOPE = 0.012  # of the smoothed colours, a pixel, from which on another cover begins


def vegetation(scene: Scene) -> Mask:
    """Pixels whose excess green is above .05, `[height, width]`."""
    return np.asarray(scene.greenness > GREEN)


def vegetation_share(scene: Scene) -> float:
    """Share of pixels that plants cover."""
    return float(vegetation(scene).mean())


@lru_cache(maxsize=1)
def water(scene: Scene) -> Mask:
    """Open water, `[height, width]`, in areas of 1 % of the image or more.

    Dark or bluish and smooth, and not clearly green; or of any colour but red and as even as only
    still water is.
    """
    red, green, blue = (ndimage.gaussian_filter(colour, 1.5) for colour in scene.colours)
    value = np.maximum(np.maximum(red, green), blue)
    bluish = (blue > red + 0.02) & (blue >= green - 0.05) & (value < 0.7)
    dark = (value < 0.25) & (green - np.maximum(red, blue) < 0.04)
    rough = ndimage.uniform_filter(scene.deviation, 5)
    uneven = rough / np.maximum(ndimage.gaussian_filter(scene.brightness, 3), 0.1)
    core = _opened((bluish | dark) & (rough < ROUGHEST) & (uneven < UNEVEN))
    shores = ndimage.binary_dilation(core, iterations=3, mask=bluish | dark)
    ponds = _opened((uneven < STILL) & (green > red))
    mirrors = _holding(ponds, (uneven < GLASS) & (green > red))
    waters = shores | mirrors
    return _holding(waters, waters)


def _opened(mask: Mask) -> Mask:
    return np.asarray(ndimage.binary_opening(mask, iterations=2))


def _holding(areas: Mask, inside: Mask) -> Mask:
    """The connected areas that hold enough of another mask's pixels."""
    labels, count = ndimage.label(areas)
    held = np.bincount(labels[inside], minlength=count + 1)
    held[0] = 0
    return np.asarray((held >= SMALLEST * areas.size)[labels])


def water_share(scene: Scene) -> float:
    """Share of open water."""
    return float(water(scene).mean())


def built_up(scene: Scene) -> Mask:
    """Pixels around which half of what there is is hard: no plant, lit and full of contrast."""
    hard = ~vegetation(scene) & (scene.deviation > HARD) & (scene.hsv[2] > LIT)
    return np.asarray(ndimage.uniform_filter(hard.astype(np.float32), 15) > 0.5)


def built_up_share(scene: Scene) -> float:
    """Share of built-up cover."""
    return float(built_up(scene).mean())


def shadow_share(scene: Scene) -> float:
    """Share of pixels much darker than their surroundings, water left out."""
    surroundings = ndimage.uniform_filter(scene.brightness, AROUND)
    return float(((scene.brightness < SHADED * surroundings) & ~water(scene)).mean())


def largest_segment_share(scene: Scene) -> float:
    """Share of the largest area that no change of the smoothed colours runs through."""
    smooth = [ndimage.gaussian_filter(colour, 3.0) for colour in scene.colours]
    slopes = [ndimage.gaussian_gradient_magnitude(colour, 2.0) for colour in smooth]
    labels, _ = ndimage.label(np.linalg.norm(slopes, axis=0) < SLOPE)
    return float(np.bincount(labels.ravel())[1:].max(initial=0) / labels.size)
