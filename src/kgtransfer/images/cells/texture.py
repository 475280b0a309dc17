"""Texture of the cytoplasm: granules and vacuoles, as far as the pixels resolve them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    from kgtransfer.images.cells.segmentation import SegmentedCell

__all__ = ["granule_contrast", "vacuole_share"]

HOLE = 0.25
"""A hole absorbs less than this share of what the middle of the cell does."""


def granule_contrast(cell: SegmentedCell) -> float:
    """Standard deviation of the cytoplasm's green absorbance / mean of the nucleus'.

    Dark coarse granules with pale gaps between them have much, fine granules hardly any.
    """
    if not cell.cytoplasm.any():
        return math.nan
    return float(cell.density[1, cell.cytoplasm].std() / cell.chromatin_density[1])


def vacuole_share(cell: SegmentedCell) -> float:
    """Share of the cell, its rim left out, that is nearly as pale as the background."""
    rim = max(2, round(0.05 * cell.diameter))
    inner = ndimage.binary_erosion(cell.cell, iterations=rim)
    if not inner.any():
        return math.nan
    absorbance = ndimage.gaussian_filter(cell.density.sum(axis=0), 0.7)[inner]
    return float((absorbance < HOLE * np.median(absorbance)).mean())
