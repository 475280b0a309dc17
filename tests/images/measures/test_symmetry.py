from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from kgtransfer.images.measures import symmetry
from kgtransfer.images.measures.view import View

ALL = (symmetry.left_right_symmetry, symmetry.up_down_symmetry, symmetry.half_turn_symmetry)


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ((40, 10, 87, 60), (True, False, False)),
        ((10, 40, 60, 87), (False, True, False)),
        ((30, 40, 97, 87), (True, True, True)),
        ((10, 10, 50, 50), (False, False, False)),
    ],
)
def test_a_box_in_its_place(
    draw: Any, box: tuple[int, int, int, int], expected: tuple[bool, ...]
) -> None:
    view = View(draw.boxes(box))
    assert tuple(measure(view) > 0.99 for measure in ALL) == expected
    assert [measure(view) < 0.7 for measure in ALL] == [not here for here in expected]


def test_two_boxes_across_are_alike_by_a_half_turn(draw: Any) -> None:
    view = View(draw.boxes((10, 10, 49, 49), (78, 78, 117, 117)))
    assert symmetry.half_turn_symmetry(view) == pytest.approx(1, abs=1e-3)
    assert symmetry.left_right_symmetry(view) < 0


def test_a_ramp_is_its_own_opposite(draw: Any) -> None:
    view = View(draw.grey(np.tile(np.linspace(0.1, 0.9, 128), (128, 1))))
    assert [m(view) for m in ALL] == pytest.approx([-1, 1, -1], abs=1e-3)


def test_it_is_the_correlation_with_the_mirror_image(draw: Any) -> None:
    view = View(draw.natural(2))
    blurred = ndimage.gaussian_filter(view.luma.astype(np.float64), 2.0, truncate=8)
    mirrored = (blurred[:, ::-1], blurred[::-1], blurred[::-1, ::-1])
    expected = [np.corrcoef(blurred.ravel(), other.ravel())[0, 1] for other in mirrored]
    assert [m(view) for m in ALL] == pytest.approx(expected, abs=1e-3)


def test_nothing_is_said_of_an_even_image(even: np.ndarray) -> None:
    assert all(math.isnan(measure(View(even))) for measure in ALL)
