from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from kgtransfer.images.measures import shape
from kgtransfer.images.measures.view import View

ALL = (
    shape.largest_object_share,
    shape.hole_count,
    shape.hole_share,
    shape.solidity,
    shape.circularity,
    shape.elongation,
    shape.eccentricity,
    shape.extent,
    shape.rectangularity,
    shape.aspect_ratio,
    shape.tilt,
)


def test_a_disk_is_round_and_full(draw: Any) -> None:
    view = View(draw.disk(30))
    assert shape.largest_object_share(view) == pytest.approx(math.pi * 900 / 128**2, rel=0.03)
    assert shape.hole_count(view) == 0
    assert shape.solidity(view) > 0.97
    assert shape.circularity(view) > 0.95
    assert shape.elongation(view) < 0.05
    assert shape.eccentricity(view) < 0.1
    assert shape.extent(view) == pytest.approx(math.pi / 4, abs=0.03)
    assert shape.aspect_ratio(view) == 1
    assert math.isnan(shape.tilt(view))


def test_a_ring_has_one_hole_and_the_outline_of_a_disk(draw: Any) -> None:
    view = View(draw.disk(40, hole=20))
    assert shape.hole_count(view) == 1
    assert shape.hole_share(view) == pytest.approx(0.25, abs=0.03)
    assert shape.circularity(view) > 0.95
    assert shape.solidity(view) > 0.97


@pytest.mark.parametrize(
    ("letter", "holes"), [("I", 0), ("T", 0), ("H", 0), ("O", 1), ("B", 2), ("X", 0)]
)
def test_holes_of_letters(letters: dict[str, np.ndarray], letter: str, holes: int) -> None:
    assert shape.hole_count(View(letters[letter])) == holes


def test_a_level_bar(draw: Any) -> None:
    view = View(draw.boxes((14, 54, 113, 73)))
    assert shape.aspect_ratio(view) == 5
    assert shape.elongation(view) == pytest.approx(1 - 20 / math.hypot(20, 100), abs=0.01)
    assert shape.eccentricity(view) == pytest.approx(math.sqrt(1 - 1 / 25), abs=0.005)
    assert shape.tilt(view) == pytest.approx(0, abs=0.5)
    assert shape.extent(view) > 0.99
    assert shape.rectangularity(view) > 0.99
    assert shape.circularity(view) < 0.6


@pytest.mark.parametrize("angle", [20, 45, 70, 110, 160])
def test_a_bar_that_is_turned(angle: float) -> None:
    rows, columns = np.indices((128, 128)) - 63.5
    turn = math.radians(angle)
    along = columns * math.cos(turn) - rows * math.sin(turn)
    across = columns * math.sin(turn) + rows * math.cos(turn)
    bar = (abs(along) < 45) & (abs(across) < 9)
    view = View(np.where(bar[..., None], 20, 220).astype(np.uint8).repeat(3, axis=2))
    assert shape.tilt(view) == pytest.approx(min(angle, 180 - angle), abs=1)
    assert shape.rectangularity(view) > 0.9
    assert shape.extent(view) < 0.75
    assert shape.elongation(view) == pytest.approx(0.8, abs=0.03)


def test_notches_take_solidity(letters: dict[str, np.ndarray]) -> None:
    assert shape.solidity(View(letters["I"])) > 0.99
    assert shape.solidity(View(letters["H"])) < 0.6
    assert shape.solidity(View(letters["X"])) < 0.55


@pytest.mark.parametrize("letter", ["T", "H", "O", "B"])
def test_brighter_and_negative_images_have_the_same_shape(
    letters: dict[str, np.ndarray], letter: str
) -> None:
    image = letters[letter]
    expected = [measure(View(image)) for measure in ALL]
    for other in (image + 20, image - 15, 255 - image):
        assert [m(View(other)) for m in ALL] == pytest.approx(expected, nan_ok=True)


def test_nothing_is_said_where_there_is_no_object(even: np.ndarray) -> None:
    assert all(math.isnan(measure(View(even))) for measure in ALL)
