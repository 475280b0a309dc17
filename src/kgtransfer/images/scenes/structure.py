"""Structure: texture, edges, and how straight and how aligned they are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from kgtransfer.images.scenes.scene import SIDE

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from kgtransfer.images.scenes.scene import Scene

    Mask = npt.NDArray[np.bool_]

__all__ = ["direction_share", "edge_share", "local_contrast", "straight_edge_share"]

LONG = SIDE / 10  # pixels from which on an edge is called straight
MIN_EDGE_SHARE = 0.005  # share of edge pixels below which nothing is said of their shape
TURN = 45  # degrees that the gradients of one line may differ by


def local_contrast(scene: Scene) -> float:
    """Mean standard deviation of brightness in windows of 7 by 7 pixels."""
    return float(scene.deviation.mean())


def edge_share(scene: Scene) -> float:
    """Share of pixels that are edges."""
    return float(scene.edges.mean())


def straight_edge_share(scene: Scene) -> float:
    """Share of edge pixels on straight lines, a tenth of the width long or more.

    A line is a connected run of edge pixels whose gradients point the same way: they fall into one
    of eight sectors, whose borders are also turned by half a sector (the line-support regions of
    Burns, Hanson, Riseman: Extracting straight lines, IEEE TPAMI 8(4), 1986).
    """
    edges = scene.edges
    if edges.mean() < MIN_EDGE_SHARE:
        return math.nan
    down, right = scene.gradient
    angle = np.degrees(np.arctan2(down, right)) % 360
    sectors = [((angle + turned) % 360 // TURN).astype(int) for turned in (0.0, TURN / 2)]
    straight = _long_runs(edges, sectors[0]) | _long_runs(edges, sectors[1])
    return float(straight.sum() / edges.sum())


def _long_runs(edges: Mask, sectors: npt.NDArray[np.int64]) -> Mask:
    """Edge pixels in connected runs of one sector whose bounding box has a long diagonal."""
    from skimage.measure import label

    find: Callable[..., npt.NDArray[np.int64]] = label
    labels = find(np.where(edges, sectors, -1), background=-1, connectivity=2)
    boxes = ndimage.find_objects(labels)
    long = [math.hypot(*(side.stop - side.start for side in box)) >= LONG for box in boxes]
    return np.asarray(np.array([False, *long])[labels])


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
