"""Orientation: which way edges and lines run, how straight they are, and how many there are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from kgtransfer.images.measures.lines import straight_share
from kgtransfer.images.measures.view import SIDE

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.images.measures.view import View

    Mask = npt.NDArray[np.bool_]

__all__ = [
    "diagonal_share",
    "edge_share",
    "horizontal_share",
    "orientation_strength",
    "right_angle_share",
    "straight_edge_share",
    "vertical_share",
]

LEAST = 1e-7  # mean squared gradient below which there is none
STEEP = math.tan(math.radians(67.5))
LONG = 0.1  # of the side: from which on an edge is straight
FEWEST = 0.003  # share of edge pixels below which nothing is said of their shape


def orientation_strength(view: View) -> float:
    """How much edges run one way: 0 as much every way, 1 all of them one way.

    Length of the mean of the squared gradients as vectors of twice their angle, over their mean
    length (Kass, Witkin: Analyzing oriented patterns. CVGIP 37(3), 1987).
    """
    down, right = view.gradient.astype(np.float64)
    total = (down**2 + right**2).sum()
    if total < LEAST * down.size:
        return math.nan
    length = math.hypot((down**2 - right**2).sum(), (2 * down * right).sum())
    return min(1.0, length / float(total))


def horizontal_share(view: View) -> float:
    """Share of the squared gradient at edges within 22.5 degrees of the horizontal."""
    down, right = np.abs(view.gradient)
    return _share_of_power(view, down > STEEP * right)


def vertical_share(view: View) -> float:
    """Share of the squared gradient at edges within 22.5 degrees of the vertical."""
    down, right = np.abs(view.gradient)
    return _share_of_power(view, right > STEEP * down)


def diagonal_share(view: View) -> float:
    """Share of the squared gradient at all other edges."""
    down, right = np.abs(view.gradient)
    return _share_of_power(view, (down <= STEEP * right) & (right <= STEEP * down))


def _share_of_power(view: View, where: Mask) -> float:
    power = np.square(view.gradient, dtype=np.float64).sum(axis=0)
    total = power.sum()
    if total < LEAST * power.size:
        return math.nan
    return float(min(1.0, power[where].sum() / total))  # two orders of summation


def right_angle_share(view: View) -> float:
    """Share of the squared gradient within 15 degrees of its main direction or of its normal.

    A third where edges run in every direction alike; not a number where there is no gradient.
    """
    down, right = view.gradient
    power = np.square(view.gradient, dtype=np.float64).sum(axis=0)
    if power.sum() < LEAST * power.size:
        return math.nan
    angle = np.degrees(np.arctan2(down, right)) % 90
    by_degree = np.bincount(angle.astype(np.int64).ravel() % 90, power.ravel(), minlength=90)
    within = ndimage.uniform_filter1d(by_degree, 31, mode="wrap") * 31
    return float(min(1.0, within.max() / by_degree.sum()))


def edge_share(view: View) -> float:
    """Share of pixels that are edges."""
    return float(view.edges.mean())


def straight_edge_share(view: View) -> float:
    """Share of edge pixels on straight lines, a tenth of the side long or more."""
    edges = view.edges
    if edges.mean() < FEWEST:
        return math.nan
    return straight_share(edges, view.gradient, LONG * SIDE)
