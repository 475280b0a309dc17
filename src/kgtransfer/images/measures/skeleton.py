"""`Skeleton`: the centre lines of a mask, without the spurs that a bumpy border makes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

__all__ = ["Skeleton"]

AROUND = np.ones((3, 3), dtype=bool)
RING = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
PASSES = 2  # of the removal of spurs: the first one may leave stubs
SPUR = 2.0  # half widths of the stroke that a branch is longer than, unless it is a spur


class Skeleton:
    """Centre lines (Zhang, Suen: A fast parallel algorithm for thinning. CACM 27(3), 1984).

    Args:
        mask: `[height, width]`; outside of it is background.
    """

    def __init__(self, mask: Mask) -> None:
        self._mask = np.pad(mask, 1)

    @cached_property
    def half_widths(self) -> Floats:
        """Distance of each pixel to the background, `[height + 2, width + 2]`."""
        return np.asarray(ndimage.distance_transform_edt(self._mask))

    @cached_property
    def lines(self) -> Mask:
        """The centre lines, one pixel wide, `[height + 2, width + 2]`."""
        from skimage.morphology import skeletonize

        thin: Callable[..., Mask] = skeletonize
        lines = thin(self._mask)
        for _ in range(PASSES):
            spurs = self._spurs(lines)
            if not spurs.any():
                break
            lines = thin(lines & ~spurs)
        return lines

    def _spurs(self, lines: Mask) -> Mask:
        """Branches with a free end that are not longer than the stroke is wide there."""
        ends, crossings = _nodes(lines)
        if not crossings.any():
            return np.zeros_like(lines)
        near = _grown(crossings)
        branches, count = ndimage.label(lines & ~near, AROUND)
        length = np.bincount(branches.ravel(), minlength=count + 1)
        widest = _maxima(self.half_widths[lines], branches[lines], count + 1)
        spurs = np.zeros(count + 1, dtype=bool)
        spurs[np.intersect1d(branches[ends], branches[_grown(near)])] = True
        spurs &= length < SPUR * widest
        spurs[0] = False
        return np.asarray(spurs[branches] | (ends & near))

    @cached_property
    def widths(self) -> Floats:
        """Width of the stroke at each pixel of the centre lines, in pixels."""
        return np.asarray(2 * self.half_widths[self.lines] - 0.5)

    @cached_property
    def end_points(self) -> int:
        """Free ends of the centre lines that are longer than the stroke is wide: dots have none."""
        labels, count = ndimage.label(self.lines, AROUND)
        length = np.bincount(labels.ravel(), minlength=count + 1)
        widest = _maxima(self.half_widths[self.lines], labels[self.lines], count + 1)
        long = length > 2 * widest
        return int(long[labels[_nodes(self.lines)[0]]].sum())

    @cached_property
    def branch_points(self) -> int:
        """Places where three or more centre lines meet; within a stroke's width they are one."""
        places = np.argwhere(_nodes(self.lines)[1])
        if not len(places):
            return 0
        reach = self.half_widths[tuple(places.T)]
        apart = np.linalg.norm(places[:, None] - places[None], axis=2)
        count, _ = connected_components(apart <= reach[:, None] + reach[None])
        return int(count)


def _maxima(values: Floats, groups: npt.NDArray[np.int32], count: int) -> Floats:
    """The largest value of each group, 0 where it has none."""
    maxima = np.zeros(count)
    np.maximum.at(maxima, groups, values)
    return maxima


def _grown(mask: Mask) -> Mask:
    """A mask and its neighbours, diagonal ones too; nothing touches the border of the array."""
    rows = mask.copy()
    rows[1:] |= mask[:-1]
    rows[:-1] |= mask[1:]
    grown = rows.copy()
    grown[:, 1:] |= rows[:, :-1]
    grown[:, :-1] |= rows[:, 1:]
    return grown


def _nodes(lines: Mask) -> tuple[Mask, Mask]:
    """Pixels where a line ends, and pixels from which three or more lines go.

    Lines go from a pixel where its eight neighbours, in turn, change from background to line.
    """
    rows, columns = np.nonzero(lines)
    around = np.stack([lines[rows + down, columns + right] for down, right in RING])
    leaving = (around & ~np.roll(around, 1, axis=0)).sum(axis=0)
    ends, crossings = np.zeros_like(lines), np.zeros_like(lines)
    ends[rows, columns] = (leaving == 1) & (around.sum(axis=0) <= 2)
    crossings[rows, columns] = leaving > 2
    return ends, crossings
