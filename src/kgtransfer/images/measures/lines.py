"""Straight lines among the edges of an image."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]

__all__ = ["straight_share"]

TURN = 45  # degrees that the gradients of one line may differ by


def straight_share(edges: Mask, gradient: npt.NDArray[np.floating], least: float) -> float:
    """Edges and gradient -> the share of the edge pixels on straight lines.

    A line is a connected run of edge pixels whose gradients point the same way: they fall into one
    of eight sectors, whose borders are also turned by half a sector (the line-support regions of
    Burns, Hanson, Riseman: Extracting straight lines, IEEE TPAMI 8(4), 1986).

    Args:
        edges: `[height, width]`; one at least.
        gradient: `[2, height, width]`, down and right.
        least: pixels from which on a line is long enough.
    """
    down, right = gradient
    angle = np.degrees(np.arctan2(down, right)) % 360
    straight = np.zeros_like(edges)
    for turned in (0, TURN / 2):
        straight |= _long_runs(edges, ((angle + turned) % 360 // TURN).astype(np.int64), least)
    return float(straight.sum() / edges.sum())


def _long_runs(edges: Mask, sectors: npt.NDArray[np.int64], least: float) -> Mask:
    """Edge pixels in connected runs of one sector whose bounding box has a long diagonal."""
    from skimage.measure import label

    find: Callable[..., npt.NDArray[np.int64]] = label
    labels = find(np.where(edges, sectors, -1), background=-1, connectivity=2)
    long = np.bincount(labels.ravel()) >= least / 2  # a line has a pixel a row, or a column
    boxes = ndimage.find_objects(np.where(long[labels], labels, 0))
    for number, box in enumerate(boxes, start=1):
        long[number] = bool(box) and _diagonal(box) >= least
    long[0] = False
    return np.asarray(long[labels])


def _diagonal(box: tuple[slice, ...]) -> float:
    return math.hypot(*(side.stop - side.start for side in box))
