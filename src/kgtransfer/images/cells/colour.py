"""Colours of nucleus and cytoplasm, as optical densities: the cytoplasm relative to the nucleus."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.images.cells.segmentation import SegmentedCell

__all__ = [
    "chromatin_density",
    "cytoplasm_blueness",
    "cytoplasm_density",
    "eosin_excess",
    "eosinophilia",
]


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
