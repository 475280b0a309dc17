"""Symmetry: how much an image is like its own mirror image, or like itself turned by a half."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.images.measures.view import FLAT

if TYPE_CHECKING:
    from kgtransfer.images.measures.view import View

__all__ = ["half_turn_symmetry", "left_right_symmetry", "up_down_symmetry"]

BLUR = 2.0  # pixels: a difference of place of that much does not count


def left_right_symmetry(view: View) -> float:
    """Correlation of the blurred luma with its mirror image, left and right exchanged.

    Not a number for an even image.
    """
    return _correlation(view, (False, True))


def up_down_symmetry(view: View) -> float:
    """Correlation of the blurred luma with its mirror image, up and down exchanged.

    Not a number for an even image.
    """
    return _correlation(view, (True, False))


def half_turn_symmetry(view: View) -> float:
    """Correlation of the blurred luma with itself turned by 180 degrees.

    Not a number for an even image.
    """
    return _correlation(view, (True, True))


def _correlation(view: View, mirrored: tuple[bool, bool]) -> float:
    """To mirror an image changes the signs of every second factor of its cosine transform."""
    if view.is_flat:
        return math.nan
    energy = np.square(view.spectrum * view.gaussian(BLUR))
    total = energy.sum()
    if total < FLAT * energy.size:
        return math.nan
    for axis, is_mirrored in enumerate(mirrored):
        if is_mirrored:
            signs = 1 - 2 * (np.arange(energy.shape[axis]) % 2)
            energy = energy * np.expand_dims(signs, 1 - axis)
    return float(np.clip(energy.sum() / total, -1, 1))
