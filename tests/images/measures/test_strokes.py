from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from kgtransfer.images.measures import strokes
from kgtransfer.images.measures.view import View


@pytest.mark.parametrize(
    ("letter", "ends", "crossings"),
    [
        ("I", 2, 0),
        ("L", 2, 0),
        ("T", 3, 1),
        ("H", 4, 2),
        ("O", 0, 0),
        ("B", 0, 2),
        ("X", 4, 1),
    ],
)
def test_ends_and_crossings_of_letters(
    letters: dict[str, np.ndarray], letter: str, ends: int, crossings: int
) -> None:
    view = View(letters[letter])
    assert strokes.end_point_count(view) == ends
    assert strokes.branch_point_count(view) == crossings


@pytest.mark.parametrize("letter", ["I", "L", "T", "H", "O", "B", "X"])
def test_letters_are_drawn_with_one_pen(letters: dict[str, np.ndarray], letter: str) -> None:
    view = View(letters[letter])
    assert strokes.stroke_width(view) == pytest.approx(12 / 128, abs=0.015)
    assert strokes.stroke_width_spread(view) < 0.2


def test_a_broad_and_a_thin_stroke_spread(draw: Any) -> None:
    view = View(draw.boxes((10, 20, 117, 49), (10, 80, 117, 85)))
    assert strokes.stroke_width_spread(view) > 0.5
    assert strokes.end_point_count(view) == 4


def test_nothing_is_said_where_there_is_no_stroke(even: np.ndarray) -> None:
    view = View(even)
    assert math.isnan(strokes.stroke_width(view))
    assert math.isnan(strokes.stroke_width_spread(view))
    assert math.isnan(strokes.end_point_count(view))
    assert math.isnan(strokes.branch_point_count(view))
