from __future__ import annotations

import math

import numpy as np
import pytest

from kgtransfer.images.measures.outline import Outline


def test_a_rectangle() -> None:
    outline = Outline(np.ones((20, 40), dtype=bool))
    assert outline.area == 800
    assert outline.hull_area == 800
    assert sorted(outline.boxes.min(axis=0)) == [20, 20]
    assert outline.boxes.prod(axis=1) == pytest.approx(800)
    assert outline.diameter == pytest.approx(math.hypot(20, 40))
    assert outline.moments == pytest.approx((400 / 12, 1600 / 12, 0))
    assert outline.holes.size == 0


def test_a_frame_with_two_holes() -> None:
    mask = np.ones((30, 50), dtype=bool)
    mask[5:25, 5:20] = mask[5:25, 30:45] = False
    outline = Outline(mask)
    assert outline.holes.tolist() == [300, 300]
    assert outline.area == 1500
    assert outline.filled.all()


def test_a_bay_is_no_hole_even_where_corners_close_it() -> None:
    mask = np.ones((30, 30), dtype=bool)
    mask[0:20, 10:20] = False
    assert Outline(mask).holes.size == 0
    ring = np.zeros((5, 5), dtype=bool)
    ring[[0, 1, 2, 3, 4, 3, 2, 1], [2, 1, 0, 1, 2, 3, 4, 3]] = True  # touches at corners only
    assert Outline(ring).holes.tolist() == [5]


def test_perimeter_and_hull_of_a_disk() -> None:
    rows, columns = np.indices((61, 61)) - 30
    outline = Outline(np.hypot(rows, columns) <= 30)
    assert outline.perimeter == pytest.approx(2 * math.pi * 30, rel=0.03)
    assert outline.hull_area == pytest.approx(outline.area, rel=0.04)
    assert outline.diameter == pytest.approx(61, abs=1)
