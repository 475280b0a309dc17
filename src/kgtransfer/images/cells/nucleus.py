"""The nucleus inside a cell, also where granules lie over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from kgtransfer.images.cells.stain import absorbance_ratio, nuclear_stain
from kgtransfer.images.cells.thresholds import two_levels

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Mask = npt.NDArray[np.bool_]

__all__ = ["nucleus_mask"]

EDGE = 0.36
"""Where the nucleus ends, on the way from cytoplasm (0) to nucleus (1): it is out of focus at its
rim, so that Otsu's middle is too far inside."""
SPECK = 0.05
"""Pieces below this share of all dark area are granules or dirt."""
CROWDED = 0.6
"""Dark share of the cell from which on granules may be what is dark."""
VIOLET = 1.15
"""Red : green absorbance of the rest, relative to the dark part. Basic granules are of the nucleus'
colour or redder; the cytoplasm of lymphocytes and monocytes is bluer."""


def nucleus_mask(density: Floats, cell: Mask) -> Mask:
    """Mask of the nucleus, `[height, width]`, all lobes.

    Args:
        density: smoothed optical density, `[3, height, width]`.
        cell: the cell's pixels.
    """
    stain = nuclear_stain(density)
    levels = two_levels(stain[cell])
    dark = cell & (stain > levels.low + EDGE * (levels.high - levels.low))
    nucleus = _pieces(ndimage.binary_opening(dark))
    return _bulk(stain, cell) if _covered(density, cell, nucleus) else nucleus


def _covered(density: Floats, cell: Mask, nucleus: Mask) -> bool:
    """Whether what is dark is granules rather than nucleus."""
    rest = ndimage.binary_erosion(cell, iterations=2) & ~nucleus
    if nucleus.sum() < CROWDED * cell.sum() or not rest.any():
        return False
    ratio = absorbance_ratio(density, nucleus)
    return absorbance_ratio(density, rest) < VIOLET * ratio


def _bulk(stain: Floats, cell: Mask) -> Mask:
    """The nucleus below granules: where the cell is darkest once granules are smoothed away."""
    diameter = 2 * np.sqrt(cell.sum() / np.pi)
    blur = (0.06 * diameter,) * 2
    smooth = ndimage.gaussian_filter(np.where(cell, stain, 0), blur)
    smooth /= np.maximum(ndimage.gaussian_filter(cell.astype(np.float32), blur), 1e-6)
    inner = ndimage.binary_erosion(cell, iterations=max(1, round(0.04 * diameter)))
    if not inner.any():
        return cell
    dark = inner & (smooth > two_levels(smooth[inner]).threshold)
    return _pieces(ndimage.binary_opening(dark, iterations=2))


def _pieces(mask: Mask) -> Mask:
    """Without specks and holes."""
    labels, _ = ndimage.label(mask)
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    large = areas > SPECK * areas.sum()
    return np.asarray(ndimage.binary_fill_holes(large[labels]))
