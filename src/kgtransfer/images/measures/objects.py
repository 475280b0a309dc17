"""Objects: how much stands out from the background, in how many pieces, how large and where."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.images.measures.view import View

    Floats = npt.NDArray[np.float64]

__all__ = [
    "centre_offset",
    "cut_off_share",
    "foreground_contrast",
    "foreground_share",
    "foreground_spread",
    "left_balance",
    "object_count",
    "object_size",
    "object_size_spread",
    "upper_balance",
]

LEAST = 1e-3  # mean distance from the border's colour below which nothing stands out


def foreground_share(view: View) -> float:
    """Share of pixels that belong to objects."""
    return float(view.foreground.mask.mean())


def foreground_contrast(view: View) -> float:
    """How far the colours of foreground and background differ, 0 to 1, by Otsu's threshold."""
    return view.foreground.contrast


def object_count(view: View) -> float:
    """Count of objects."""
    return float(view.foreground.areas.size)


def object_size(view: View) -> float:
    """Mean over objects of the root of their share of the image; not a number without objects."""
    sizes = _sizes(view)
    return float(sizes.mean()) if sizes.size else math.nan


def object_size_spread(view: View) -> float:
    """Standard deviation of the objects' sizes over their mean; not a number below two objects."""
    sizes = _sizes(view)
    return float(sizes.std() / sizes.mean()) if sizes.size > 1 else math.nan


def _sizes(view: View) -> Floats:
    return np.asarray(np.sqrt(view.foreground.areas / view.luma.size))


def foreground_spread(view: View) -> float:
    """Root mean square distance of the foreground from its centre, in half diagonals.

    Not a number without objects.
    """
    places = _places(view)
    if not places.size:
        return math.nan
    return math.sqrt(places.var(axis=1).sum()) / _half_diagonal(view)


def centre_offset(view: View) -> float:
    """Distance of the foreground's centre from the image's, in half diagonals.

    Not a number without objects.
    """
    places = _places(view)
    if not places.size:
        return math.nan
    height, width = view.shape
    down, right = places.mean(axis=1)
    return math.hypot(down - (height - 1) / 2, right - (width - 1) / 2) / _half_diagonal(view)


def _places(view: View) -> npt.NDArray[np.int64]:
    """Rows and columns of the foreground, `[2, pixels]`."""
    return np.stack(np.nonzero(view.foreground.mask))


def _half_diagonal(view: View) -> float:
    return math.hypot(*view.shape) / 2


def cut_off_share(view: View) -> float:
    """Share of the foreground in objects that the border cuts off; not a number without objects."""
    foreground = view.foreground
    if not foreground.areas.size:
        return math.nan
    labels = foreground.labels
    sides = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    numbers = np.unique(sides[sides > 0])
    return float(foreground.areas[numbers - 1].sum() / foreground.areas.sum())


def upper_balance(view: View) -> float:
    """Upper less lower half of what differs from the border's colour, over the whole."""
    return _balance(view.foreground.distance)


def left_balance(view: View) -> float:
    """Left less right half of what differs from the border's colour, over the whole."""
    return _balance(view.foreground.distance.T)


def _balance(mass: npt.NDArray[np.float32]) -> float:
    half = len(mass) // 2
    total = float(mass.sum())
    if total < LEAST * mass.size:
        return math.nan
    return float(np.clip((mass[:half].sum() - mass[-half:].sum()) / total, -1, 1))
