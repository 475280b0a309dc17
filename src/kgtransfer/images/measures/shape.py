"""Shape of the largest object: holes, roundness, length, and how it fills the boxes around it.

Not a number where there is no object.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kgtransfer.images.measures.view import View

__all__ = [
    "aspect_ratio",
    "circularity",
    "eccentricity",
    "elongation",
    "extent",
    "hole_count",
    "hole_share",
    "largest_object_share",
    "rectangularity",
    "solidity",
    "tilt",
]

SMALLEST_HOLE = 0.0005  # of the image
ROUND = 0.5  # eccentricity below which an object has no long axis


def largest_object_share(view: View) -> float:
    """Share of the image that the largest object has, its holes left out."""
    outline = view.outline
    return math.nan if outline is None else float(outline.mask.sum() / view.luma.size)


def hole_count(view: View) -> float:
    """Count of holes, of a size of .05 % of the image or more."""
    outline = view.outline
    if outline is None:
        return math.nan
    return float((outline.holes >= SMALLEST_HOLE * view.luma.size).sum())


def hole_share(view: View) -> float:
    """Share of the filled object that is holes."""
    outline = view.outline
    return math.nan if outline is None else float(outline.holes.sum() / outline.area)


def solidity(view: View) -> float:
    """Area of the filled object over that of its convex hull."""
    outline = view.outline
    return math.nan if outline is None else min(1.0, outline.area / outline.hull_area)


def elongation(view: View) -> float:
    """One less the smallest width over the largest diameter of the convex hull."""
    outline = view.outline
    if outline is None:
        return math.nan
    return 1 - float(outline.boxes[:, 1].min()) / outline.diameter


def eccentricity(view: View) -> float:
    """Eccentricity of the ellipse with the second moments of the filled object: 0 a circle."""
    outline = view.outline
    if outline is None:
        return math.nan
    down, right, both = outline.moments
    middle, apart = (down + right) / 2, math.hypot((down - right) / 2, both)
    return math.sqrt(min(1.0, 2 * apart / (middle + apart)))


def tilt(view: View) -> float:
    """Angle of the long axis to the horizontal, 0 to 90 degrees, whichever way it leans.

    Not a number where the eccentricity is below .5 either.
    """
    outline = view.outline
    if outline is None or eccentricity(view) < ROUND:
        return math.nan
    down, right, both = outline.moments
    return abs(math.degrees(math.atan2(2 * both, right - down) / 2))


def circularity(view: View) -> float:
    """4 pi area over the square of the perimeter, of the filled object: 1 a disk."""
    outline = view.outline
    if outline is None:
        return math.nan
    return min(1.0, 4 * math.pi * outline.area / outline.perimeter**2)


def extent(view: View) -> float:
    """Share of the upright bounding box that the object fills, its holes left out."""
    outline = view.outline
    return math.nan if outline is None else float(outline.mask.mean())


def rectangularity(view: View) -> float:
    """Area of the filled object over that of the smallest rectangle around it, however turned."""
    outline = view.outline
    if outline is None:
        return math.nan
    return min(1.0, outline.area / float(outline.boxes.prod(axis=1).min()))


def aspect_ratio(view: View) -> float:
    """Width over height of the upright bounding box."""
    outline = view.outline
    return math.nan if outline is None else outline.mask.shape[1] / outline.mask.shape[0]
