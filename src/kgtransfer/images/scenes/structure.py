"""Structure: texture, edges, and how straight and how aligned they are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from kgtransfer.images.measures.lines import straight_share
from kgtransfer.images.scenes.scene import SIDE

if TYPE_CHECKING:
    from kgtransfer.images.scenes.scene import Scene

__all__ = ["direction_share", "edge_share", "local_contrast", "straight_edge_share"]

LONG = SIDE / 10  # pixels from which on an edge is called straight
MIN_EDGE_SHARE = 0.005  # share of edge pixels below which nothing is said of their shape


def local_contrast(scene: Scene) -> float:
    """Mean standard deviation of brightness in windows of 7 by 7 pixels."""
    return float(scene.deviation.mean())


def edge_share(scene: Scene) -> float:
    """Share of pixels that are edges."""
    return float(scene.edges.mean())


def straight_edge_share(scene: Scene) -> float:
    """Share of edge pixels on straight lines, a tenth of the width long or more."""
    edges = scene.edges
    if edges.mean() < MIN_EDGE_SHARE:
        return math.nan
    return straight_share(edges, scene.gradient, LONG)


def direction_share(scene: Scene) -> float:
    """Share of the squared gradient within 15 degrees of its main direction or of its normal.

    A third where edges run in every direction alike; not a number where there is no gradient.
    """
    down, right = scene.gradient
    angle = (np.degrees(np.arctan2(down, right)) % 90).astype(int) % 90
    power = np.bincount(angle.ravel(), (down**2 + right**2).ravel(), minlength=90)
    if power.sum() < 1e-9:
        return math.nan
    within = ndimage.uniform_filter1d(power, 31, mode="wrap") * 31
    return float(min(1.0, within.max() / power.sum()))
