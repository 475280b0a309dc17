"""Values of a measure -> where they divide into two or three levels, and how clearly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["CLEAR", "FAINT", "Division", "divided"]

CLEAR, FAINT = 0.5, 0.2
"""Clarities from which a division is clear, and faint; below, there is none to be seen."""
SMALLEST = 0.05
"""Share of the values that a level has, at least: fewer are outliers, no level."""
FEWEST = 5
"""Values that a level has, at least."""
BAND = 4
"""Softnesses that fit into a middle level, at least: what lies in it is then shown at all."""
MOST_CUTS = 800
"""Places that are tried; with more values, not each of them is."""
GRID = 512  # points that the density is taken at


@dataclass(frozen=True)
class Division:
    """Where values divide.

    Attributes:
        thresholds: one for two levels, two for three; each midway between two of the values.
        softness: how gradually one level goes over into the next, as `kgt:softness`; above 0.
        clarity: 0 to 1, how deep the valley is in which a threshold lies: 1 less the density
            there by that of the lower of the peaks at either side; of two thresholds the less.
            0 where the density has no valley there, 1 where nothing lies in it.
    """

    thresholds: tuple[float, ...]
    softness: float
    clarity: float

    @property
    def word(self) -> str:
        """How clear the division is, for people to read."""
        return "clear" if self.clarity >= CLEAR else "faint" if self.clarity >= FAINT else "none"


def divided(values: Floats, levels: int = 2) -> Division | None:
    """Finite values -> their division by Otsu's method, taken on the values themselves.

    Otsu, A threshold selection method from gray-level histograms, IEEE Trans. SMC 9(1), 1979. The
    method divides anything; the clarity says whether there was something to divide.

    Args:
        values: `[n]`, in any order.
        levels: two or three.

    Returns:
        None where there are too few values, or too few different ones.
    """
    ordered = np.sort(values)
    cuts = _best_cuts(ordered, levels)
    if not cuts:
        return None
    thresholds = tuple(float(ordered[cut - 1] + ordered[cut]) / 2 for cut in cuts)
    groups = np.split(ordered, cuts)
    bands = [(above - below) / BAND for below, above in pairwise(thresholds)]
    softness = min([_softness(groups), *bands])
    return Division(thresholds, softness, _clarity(ordered, thresholds))


def _best_cuts(ordered: Floats, levels: int) -> list[int]:
    """Numbers of values below each threshold: those with the most variance between levels."""
    count = len(ordered)
    least = max(FEWEST, math.ceil(SMALLEST * count))
    cuts = np.flatnonzero(np.diff(ordered) > 0) + 1
    cuts = cuts[(cuts >= least) & (cuts <= count - least)]
    if len(cuts) > MOST_CUTS:
        cuts = cuts[np.linspace(0, len(cuts) - 1, MOST_CUTS).astype(np.int64)]
    if not len(cuts):
        return []
    sums = np.concatenate(([0.0], np.cumsum(ordered - ordered.mean())))
    if levels == 2:
        return [int(cuts[np.argmax(sums[cuts] ** 2 * (1 / cuts + 1 / (count - cuts)))])]
    first, second = cuts[:, None], cuts[None, :]
    between = (sums[second] - sums[first]) ** 2 / np.maximum(second - first, 1)
    between = between + sums[first] ** 2 / first + sums[second] ** 2 / (count - second)
    between[second - first < least] = -1.0
    row, column = np.unravel_index(np.argmax(between), between.shape)
    return [int(cuts[row]), int(cuts[column])] if between[row, column] >= 0 else []


def _softness(groups: list[Floats]) -> float:
    """Of the sigmoid that is the odds of two normal distributions of equal width.

    It is not less than a twentieth of the distance of their means: a sample tells no more.
    """
    variance = sum(float(np.var(group)) * len(group) for group in groups)
    variance /= sum(map(len, groups))
    distance = min(float(b.mean() - a.mean()) for a, b in pairwise(groups))
    return max(variance / distance, distance / 20)


def _clarity(ordered: Floats, thresholds: tuple[float, ...]) -> float:
    width = _bandwidth(ordered)
    grid = np.linspace(ordered[0] - width, ordered[-1] + width, GRID)
    ends = (-math.inf, *thresholds, math.inf)
    density = _density(ordered, grid, width)
    peaks = [density[(grid >= a) & (grid <= b)].max(initial=0.0) for a, b in pairwise(ends)]
    valleys = _density(ordered, np.array(thresholds), width)
    clarities = [
        1 - valley / lower if (lower := min(pair)) > 0 else 0.0
        for valley, pair in zip(valleys, pairwise(peaks), strict=True)
    ]
    return float(np.clip(min(clarities), 0, 1))


def _density(values: Floats, at: Floats, width: float) -> Floats:
    """Gaussian kernel density, not normalised."""
    return np.asarray(np.exp(-0.5 * ((at[:, None] - values) / width) ** 2).sum(axis=1))


def _bandwidth(values: Floats) -> float:
    """Silverman's rule of thumb (Density estimation, 1986, eq. 3.31): rather too smooth."""
    low, high = np.quantile(values, (0.25, 0.75))
    spread = float(np.std(values))
    spread = min(spread, float(high - low) / 1.34) or spread
    return float(0.9 * spread * len(values) ** -0.2)
