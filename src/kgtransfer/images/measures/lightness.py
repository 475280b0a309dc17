"""Lightness: how dark, how bright and how evenly lit an image is. Luma stands for lightness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kgtransfer.images.measures.view import View

__all__ = [
    "bright_share",
    "dark_share",
    "lightness",
    "lightness_entropy",
    "lightness_spread",
    "middle_share",
    "upper_brightness",
]

DARK, BRIGHT = 1 / 3, 2 / 3  # luma
STEPS = 64  # of luma, for its entropy


def dark_share(view: View) -> float:
    """Share of pixels with a luma below a third."""
    return float((view.luma < DARK).mean())


def middle_share(view: View) -> float:
    """Share of pixels with a luma of a third to two thirds."""
    return float(((view.luma >= DARK) & (view.luma <= BRIGHT)).mean())


def bright_share(view: View) -> float:
    """Share of pixels with a luma above two thirds."""
    return float((view.luma > BRIGHT).mean())


def lightness(view: View) -> float:
    """Mean luma."""
    return float(view.luma.mean())


def lightness_spread(view: View) -> float:
    """Standard deviation of luma."""
    return float(view.luma.std())


def lightness_entropy(view: View) -> float:
    """Shannon entropy of the histogram of luma in 64 steps, over its largest value."""
    steps = np.minimum(view.luma * STEPS, STEPS - 1).astype(np.int64)
    shares = np.bincount(steps.ravel(), minlength=STEPS) / steps.size
    shares = shares[shares > 0]
    return float(abs((shares * np.log(shares)).sum()) / np.log(STEPS))


def upper_brightness(view: View) -> float:
    """Mean luma of the upper half less that of the lower half."""
    half = view.shape[0] // 2
    return float(view.luma[:half].mean() - view.luma[-half:].mean())
