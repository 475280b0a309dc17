"""Stain space: from camera colours to how much each pixel absorbs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

__all__ = ["absorbance_ratio", "background", "nuclear_stain", "optical_density"]

BRIGHTEST = 0.1
"""Share of the pixels that is taken for empty background, by the green channel: all blood dyes
and haemoglobin absorb green."""


def background(image: npt.NDArray[np.uint8]) -> Floats:
    """Colour of the empty background, `[3]`: the median of the pixels brightest in green."""
    pixels = image.reshape(-1, 3)
    green = pixels[:, 1]
    bright = pixels[green >= np.quantile(green, 1 - BRIGHTEST)]
    return np.asarray(np.median(bright, axis=0), dtype=np.float32)


def optical_density(image: npt.NDArray[np.uint8], background: Floats) -> Floats:
    """Absorbance by the Beer-Lambert law, -log10(I / I0), `[3, height, width]`; 0 for background.

    It adds up over dyes that lie on top of each other, and does not depend on the lamp's colour.
    """
    values = np.arange(256, dtype=np.float32)[:, None]
    table = np.maximum(-np.log10((values + 1) / (background + 1)), -0.1).astype(np.float32)
    return np.stack([table[image[..., channel], channel] for channel in range(3)])


def nuclear_stain(density: Floats) -> Floats:
    """How much a pixel looks like a nucleus, `[height, width]`, from its optical density.

    Azure B on chromatin absorbs green and red; eosin and haemoglobin absorb green, haemoglobin
    blue as well, and neither absorbs red.
    """
    return np.asarray(density[1] + 0.5 * density[0] - 0.25 * density[2])


def absorbance_ratio(density: Floats, part: npt.NDArray[np.bool_]) -> float:
    """Red : green absorbance of a part of the image, medians: high is blue, low is red."""
    red, green = (float(np.median(channel[part])) for channel in density[:2])
    return red / max(green, 0.02)
