"""Periodicity: whether like things repeat at equal distances, and how far apart they are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from kgtransfer.images.measures.view import SIDE

if TYPE_CHECKING:
    from kgtransfer.images.measures.view import View

__all__ = ["period", "periodicity"]

CLEAR = 0.3  # height of a peak from which on it tells a period


def periodicity(view: View) -> float:
    """Height of the highest peak of the autocorrelation of luma outside of the one around zero.

    Of luma whose slow changes and whose local contrast are taken out, at distances up to a third
    of the image. 0 where there is no other peak.
    """
    return min(1.0, view.autocorrelation.peak[0])


def period(view: View) -> float:
    """Distance of the nearest of the highest peaks, over the side of the image.

    Not a number where the highest is below .3.
    """
    height, distance = view.autocorrelation.peak
    return distance / SIDE if height >= CLEAR else math.nan
