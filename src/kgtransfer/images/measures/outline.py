"""`Outline`: the shape of one object, its holes filled."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

__all__ = ["Outline"]


class Outline:
    """One object.

    Args:
        mask: its pixels, `[height, width]`, cut out by its bounding box.
    """

    def __init__(self, mask: Mask) -> None:
        self.mask = mask

    @cached_property
    def holes(self) -> npt.NDArray[np.int64]:
        """Pixels of each hole: of the background that the object encloses."""
        return self._outside[1]

    @cached_property
    def filled(self) -> Mask:
        """The object with its holes, `[height, width]`."""
        return self._outside[0]

    @cached_property
    def _outside(self) -> tuple[Mask, npt.NDArray[np.int64]]:
        labels, _ = ndimage.label(np.pad(~self.mask, 1, constant_values=True))
        sizes = np.bincount(labels.ravel())
        return np.asarray(labels[1:-1, 1:-1] != labels[0, 0]), sizes[2:]  # 1 is the outside

    @cached_property
    def area(self) -> int:
        """Pixels, holes among them."""
        return int(self.filled.sum())

    @cached_property
    def hull(self) -> Floats:
        """Corners of the convex hull of the pixels as squares, in order, `[corners, 2]`."""
        from scipy.spatial import ConvexHull

        rows = np.arange(len(self.mask))
        first = self.mask.argmax(axis=1)
        last = self.mask.shape[1] - self.mask[:, ::-1].argmax(axis=1)
        corners = [(rows + down, side) for down in (0, 1) for side in (first, last)]
        points = np.concatenate([np.stack(pair, axis=1) for pair in corners]).astype(np.float64)
        return np.asarray(points[ConvexHull(points).vertices])

    @cached_property
    def hull_area(self) -> float:
        """Area of the convex hull in pixels."""
        rows, columns = self.hull.T
        around = rows * np.roll(columns, -1) - np.roll(rows, -1) * columns
        return float(abs(around.sum()) / 2)

    @cached_property
    def boxes(self) -> Floats:
        """Sides of the rectangles around the hull that lie on one of its edges, `[edges, 2]`.

        The first side lies along the edge, the second across it.
        """
        edges = np.roll(self.hull, -1, axis=0) - self.hull
        along = edges / np.linalg.norm(edges, axis=1, keepdims=True)
        across = np.stack([-along[:, 1], along[:, 0]], axis=1)
        return np.stack([np.ptp(self.hull @ way.T, axis=0) for way in (along, across)], axis=1)

    @cached_property
    def diameter(self) -> float:
        """The largest distance of two points of the hull, in pixels."""
        between = self.hull[:, None] - self.hull[None]
        return float(np.sqrt(np.square(between).sum(axis=2).max()))

    @cached_property
    def moments(self) -> tuple[float, float, float]:
        """Variances of the filled object's rows and columns, and their covariance, in pixels."""
        rows, columns = np.nonzero(self.filled)
        covariance = np.cov(np.stack([rows, columns]), bias=True)
        pixel = 1 / 12  # the variance within a pixel
        return covariance[0, 0] + pixel, covariance[1, 1] + pixel, float(covariance[0, 1])

    @cached_property
    def perimeter(self) -> float:
        """Length of the border in pixels, by Crofton's formula in four directions."""
        from skimage.measure import perimeter_crofton

        length: Callable[..., float] = perimeter_crofton
        return float(length(np.pad(self.filled, 1), 4))
