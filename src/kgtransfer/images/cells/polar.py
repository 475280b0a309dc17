"""The best star-shaped region around a point, by dynamic programming in polar coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import map_coordinates

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

__all__ = ["Star", "best_star"]

ANGLES = 48
REACH = 3
"""How many steps of radius the outline may move from one angle to the next."""


@dataclass(frozen=True)
class Star:
    """A star-shaped region: what lies within `radii`, one an angle, of a centre."""

    row: float
    column: float
    radii: Floats

    def scaled(self, factor: float) -> Star:
        """The same region where pixels are smaller by this factor."""
        return Star(self.row * factor, self.column * factor, self.radii * np.float32(factor))

    def mask(self, shape: tuple[int, int]) -> npt.NDArray[np.bool_]:
        """The region's pixels, `[height, width]`."""
        rows = np.arange(shape[0], dtype=np.float32)[:, None] - np.float32(self.row)
        columns = np.arange(shape[1], dtype=np.float32) - np.float32(self.column)
        angle = np.arctan2(rows, columns) * (len(self.radii) / (2 * np.pi)) + len(self.radii)
        low = angle.astype(np.intp)
        part = angle - low
        closed = np.take(self.radii, np.arange(2 * len(self.radii) + 2), mode="wrap")
        reach = (1 - part) * closed[low] + part * closed[low + 1]
        return np.asarray(rows**2 + columns**2 <= reach**2)


def best_star(
    evidence: Floats, centre: tuple[float, float], radii: Floats, stiffness: float
) -> Star:
    """The star-shaped region around `centre` that collects most evidence.

    It maximises (evidence inside) - stiffness * (squared changes of the radius from angle to
    angle, in steps): exact, as each ray is a prefix sum and the closed outline a shortest path.

    Args:
        evidence: `[height, width]`, positive where a pixel looks inside, negative outside.
        centre: row and column.
        radii: the radii to choose from, evenly spaced, in pixels.
        stiffness: cost of a bent outline.
    """
    angles = np.linspace(0, 2 * np.pi, ANGLES, endpoint=False, dtype=np.float32)
    rows = centre[0] + np.sin(angles)[:, None] * radii
    columns = centre[1] + np.cos(angles)[:, None] * radii
    rays = map_coordinates(evidence, [rows, columns], order=1, mode="constant", cval=-0.5)
    area = radii * (radii[1] - radii[0]) * (2 * np.pi / ANGLES)
    path = _closed_path(-np.cumsum(rays * area, axis=1), stiffness)
    return Star(*centre, radii[path])


def _closed_path(cost: Floats, stiffness: float) -> npt.NDArray[np.intp]:
    """Index of the radius for each angle: twice around, the middle half is free of the ends."""
    angles, radii = cost.shape
    bend = (stiffness * np.arange(-REACH, REACH + 1) ** 2).astype(np.float32)[:, None]
    total = np.full(radii + 2 * REACH, np.inf, dtype=np.float32)
    total[REACH:-REACH] = cost[0]
    window = np.lib.stride_tricks.sliding_window_view(total, radii)
    came = np.empty((2 * angles, radii), dtype=np.intp)
    for step in range(1, 2 * angles):
        arrivals = window + bend
        came[step] = arrivals.argmin(axis=0)
        total[REACH:-REACH] = arrivals.min(axis=0) + cost[step % angles]
    at = int(total[REACH:-REACH].argmin())
    path = np.empty(2 * angles, dtype=np.intp)
    for step in range(2 * angles - 1, -1, -1):
        path[step] = at
        at += came[step, at] - REACH if step else 0
    half = angles // 2
    return np.roll(path[half : half + angles], half)
