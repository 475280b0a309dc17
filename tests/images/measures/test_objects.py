from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from kgtransfer.images.measures import objects
from kgtransfer.images.measures.view import View


def test_four_things_of_two_sizes(draw: Any) -> None:
    small, large = 20, 40
    places = [(8, 8, small), (100, 8, small), (8, 80, large), (80, 80, large)]
    view = View(draw.boxes(*((x, y, x + side - 1, y + side - 1) for x, y, side in places)))
    assert objects.object_count(view) == 4
    assert objects.foreground_share(view) == pytest.approx(4000 / 128**2, rel=0.02)
    assert objects.object_size(view) == pytest.approx(30 / 128, rel=0.02)
    assert objects.object_size_spread(view) == pytest.approx(1 / 3, abs=0.02)
    assert objects.cut_off_share(view) == 0


def test_one_thing_has_no_spread_of_sizes(draw: Any) -> None:
    assert math.isnan(objects.object_size_spread(View(draw.disk())))


def test_where_the_foreground_lies(draw: Any) -> None:
    middle, corner = View(draw.disk(20)), View(draw.disk(20, centre=(22, 105)))
    assert objects.centre_offset(middle) == pytest.approx(0, abs=0.01)
    assert objects.centre_offset(corner) == pytest.approx(41.5 / 64, abs=0.02)
    assert objects.upper_balance(middle) == pytest.approx(0, abs=0.01)
    assert objects.upper_balance(corner) > 0.95
    assert objects.left_balance(corner) < -0.95
    assert objects.foreground_spread(corner) == pytest.approx(20 / math.sqrt(2) / 90.5, abs=0.01)


def test_things_in_the_corners_are_spread_widely(draw: Any) -> None:
    corners = [(x, y, x + 15, y + 15) for x in (4, 108) for y in (4, 108)]
    assert objects.foreground_spread(View(draw.boxes(*corners))) > 0.75


def test_the_share_that_the_border_cuts_off(draw: Any) -> None:
    view = View(draw.boxes((0, 40, 29, 69), (60, 60, 89, 119)))
    assert objects.cut_off_share(view) == pytest.approx(1 / 3, abs=0.02)


def test_contrast_of_the_foreground(draw: Any) -> None:
    view = View(draw.boxes((40, 40, 80, 80), ground=230, ink=77))
    assert objects.foreground_contrast(view) == pytest.approx(0.6, abs=0.06)


def test_nothing_is_said_of_objects_that_are_not_there(even: np.ndarray) -> None:
    view = View(even)
    assert objects.object_count(view) == objects.foreground_share(view) == 0
    assert objects.foreground_contrast(view) == pytest.approx(0, abs=1e-3)
    measures = (
        objects.object_size,
        objects.object_size_spread,
        objects.foreground_spread,
        objects.centre_offset,
        objects.cut_off_share,
        objects.upper_balance,
        objects.left_balance,
    )
    assert np.isnan([measure(view) for measure in measures]).all()
