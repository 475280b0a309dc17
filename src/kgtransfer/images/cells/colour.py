"""Colours of nucleus and cytoplasm, as optical densities: the cytoplasm relative to the nucleus."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.images.cells.segmentation import SegmentedCell

__all__ = [
    "basophilia",
    "chromatin_density",
    "cytoplasm_blueness",
    "cytoplasm_density",
    "eosin_excess",
    "eosinophilia",
    "nucleus_border_contrast",
]

FAINTEST = 0.02
"""Optical density that a standard is never below."""
FEWEST_PIXELS = 8
"""Pixels beyond the border of a nucleus that its contrast is taken from, at least."""


def chromatin_density(cell: SegmentedCell) -> float:
    """Mean optical density of the nucleus, over the three channels."""
    return float(cell.chromatin_density.mean())


def cytoplasm_density(cell: SegmentedCell) -> float:
    """Green absorbance of the cytoplasm (median) / that of the nucleus (mean)."""
    if not cell.cytoplasm.any():
        return math.nan
    return float(np.median(cell.density[1, cell.cytoplasm]) / cell.chromatin_density[1])


def cytoplasm_blueness(cell: SegmentedCell) -> float:
    """Red : green absorbance of the cytoplasm / that of the nucleus, medians.

    1 is the violet of the nucleus (azure B), more is blue (methylene blue), less is red (eosin).
    """
    if not cell.cytoplasm.any():
        return math.nan
    red, green = (float(np.median(c)) for c in cell.density[:2, cell.cytoplasm])
    nucleus = cell.chromatin_density
    return red / max(green, 0.02) * float(nucleus[1] / nucleus[0])


def eosin_excess(cell: SegmentedCell) -> float:
    """Median of the cytoplasm's eosin: see `_eosin`."""
    return float(np.median(_eosin(cell))) if cell.cytoplasm.any() else math.nan


def eosinophilia(cell: SegmentedCell) -> float:
    """Green absorbance of the cytoplasm that eosin accounts for, relative to the nucleus' green.

    Eosin is told by the blue that it absorbs, about a third of its green (the nucleus' dye absorbs
    little), and cannot account for more green than there is. The 80th percentile of the blue
    excess is taken, for granules need not fill the cytoplasm.
    """
    if not cell.cytoplasm.any():
        return math.nan
    blue = max(0.0, float(np.quantile(_excess(cell, 2), 0.8)))
    return min(3 * blue, cytoplasm_density(cell))


def basophilia(cell: SegmentedCell) -> float:
    """Red absorbance of the palest quarter of the cell / that of the darkest quarter.

    Eosin absorbs no red, so that it tells how much basic dye there is outside of the nucleus; 1
    where the whole cell is as dark as its nucleus. No mask of the nucleus is needed.
    """
    if not cell.interior.any():
        return math.nan
    red = cell.smoothed[0, cell.interior]
    low, high = np.quantile(red, (0.25, 0.75))
    palest, darkest = float(red[red <= low].mean()), float(red[red >= high].mean())
    return max(palest, 0.0) / max(darkest, FAINTEST)


def nucleus_border_contrast(cell: SegmentedCell) -> float:
    """How far absorbance falls from just inside the nucleus to just outside / the nucleus' mean.

    Of red and green light together. Near 0 where granules lie over the nucleus, so that it cannot
    be told from the cytoplasm; not a number where there is hardly any cytoplasm beside it.
    """
    width = max(2, round(0.05 * cell.diameter))
    core = ndimage.binary_erosion(cell.nucleus, iterations=width)
    beside = ndimage.binary_dilation(cell.nucleus, iterations=width)
    inside, outside = cell.nucleus & ~core, beside & ~cell.nucleus & cell.interior
    if min(inside.sum(), outside.sum()) < FEWEST_PIXELS:
        return math.nan
    within = inside & cell.interior
    inside = within if within.sum() > FEWEST_PIXELS else inside
    dye = cell.smoothed[0] + cell.smoothed[1]
    fall = float(dye[inside].mean() - dye[outside].mean())
    return fall / max(float(dye[cell.nucleus].mean()), FAINTEST)


def _eosin(cell: SegmentedCell) -> npt.NDArray[np.float32]:
    return _excess(cell, 1) + _excess(cell, 2)


def _excess(cell: SegmentedCell, channel: int) -> npt.NDArray[np.float32]:
    """Absorbance of the cytoplasm's pixels beyond what the nucleus' dye would have at their red.

    Eosin absorbs no red: what there is of red is the basic dye, which absorbs the other channels
    as it does in the nucleus. In units of the nucleus' green absorbance.
    """
    nucleus, pixels = cell.chromatin_density, cell.density[:, cell.cytoplasm]
    unexplained = pixels[channel] - pixels[0] * (nucleus[channel] / nucleus[0])
    return np.asarray(unexplained / nucleus[1])
