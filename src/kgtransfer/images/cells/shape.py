"""Shape of a cell and its nucleus."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage
from scipy.spatial import ConvexHull, QhullError

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.images.cells.segmentation import SegmentedCell

    Mask = npt.NDArray[np.bool_]

__all__ = [
    "cell_circularity",
    "cell_diameter",
    "lobe_count",
    "nucleus_cytoplasm_ratio",
    "nucleus_solidity",
]

LEVELS = np.linspace(0.1, 0.8, 8)
"""Where a nucleus is cut for its lobes: shares of the largest radius that fits into it."""
LOBE = 0.45
"""A lobe's own radius is at least this share of the largest one's."""
NECK = 1.2
"""A lobe is at least this much wider than the filament that it hangs on."""


def cell_diameter(cell: SegmentedCell) -> float:
    """Diameter of the circle with the cell's area, in pixels of the original image."""
    return cell.diameter * cell.step or math.nan


def cell_circularity(cell: SegmentedCell) -> float:
    """4 pi area / perimeter squared of the cell."""
    return _circularity(cell.cell)


def nucleus_cytoplasm_ratio(cell: SegmentedCell) -> float:
    """Area of the nucleus / area of the cytoplasm."""
    nucleus, whole = float(cell.nucleus.sum()), float(cell.cell.sum())
    return nucleus / max(whole - nucleus, 1) if whole else math.nan


def nucleus_solidity(cell: SegmentedCell) -> float:
    """Area of the nucleus / area of its convex hull."""
    edge = np.argwhere(cell.nucleus & ~ndimage.binary_erosion(cell.nucleus))
    if len(edge) < 4:
        return math.nan
    corners = np.concatenate([edge + np.array([r, c]) for r in (-0.5, 0.5) for c in (-0.5, 0.5)])
    try:
        hull = ConvexHull(corners)
    except QhullError:
        return math.nan
    return float(cell.nucleus.sum() / hull.volume)


def lobe_count(cell: SegmentedCell) -> float:
    """Number of pieces into which the nucleus falls where it is cut at its filaments."""
    if not cell.nucleus.any():
        return 0.0
    depth = ndimage.distance_transform_edt(_crop(cell.nucleus))
    largest = float(depth.max())
    counts = []
    for level in LEVELS * largest:
        labels, pieces = ndimage.label(depth > level)
        peaks = ndimage.maximum(depth, labels, np.arange(1, pieces + 1))
        counts.append(int((peaks >= max(LOBE * largest, NECK * level)).sum()))
    return float(max(counts))


def _crop(mask: Mask) -> Mask:
    """The mask's bounding box and an empty frame around it."""
    return np.pad(mask[ndimage.find_objects(mask.view(np.uint8))[0]], 1)


def _circularity(mask: Mask) -> float:
    edge = mask & ~ndimage.binary_erosion(mask)
    # Pixels of a closed 8-connected line, each sqrt(2) or 1 from the next: 1.12 on a circle.
    perimeter = 1.12 * float(edge.sum())
    return min(1.0, 4 * math.pi * float(mask.sum()) / perimeter**2) if perimeter else math.nan
