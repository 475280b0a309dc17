"""Strokes: how wide the lines of the foreground are, where they end and where they meet.

Not a number where there is no object.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from kgtransfer.images.measures.view import SIDE

if TYPE_CHECKING:
    from kgtransfer.images.measures.view import View

__all__ = ["branch_point_count", "end_point_count", "stroke_width", "stroke_width_spread"]


def stroke_width(view: View) -> float:
    """Mean width of the foreground along its centre lines, over the side of the image."""
    widths = view.skeleton.widths
    return float(widths.mean() / SIDE) if widths.size else math.nan


def stroke_width_spread(view: View) -> float:
    """Standard deviation of the width along the centre lines over its mean."""
    widths = view.skeleton.widths
    return float(widths.std() / widths.mean()) if widths.size else math.nan


def end_point_count(view: View) -> float:
    """Count of free ends of the centre lines."""
    return float(view.skeleton.end_points) if view.foreground.areas.size else math.nan


def branch_point_count(view: View) -> float:
    """Count of places where three or more centre lines meet."""
    return float(view.skeleton.branch_points) if view.foreground.areas.size else math.nan
