from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from kgtransfer.images.measures import orientation
from kgtransfer.images.measures.view import View


@pytest.mark.parametrize(
    ("angle", "way"),
    [
        (0, orientation.horizontal_share),
        (10, orientation.horizontal_share),
        (90, orientation.vertical_share),
        (100, orientation.vertical_share),
        (45, orientation.diagonal_share),
        (135, orientation.diagonal_share),
        (150, orientation.diagonal_share),
    ],
)
def test_stripes_run_one_way(draw: Any, angle: float, way: Callable[[View], float]) -> None:
    view = View(draw.stripes(angle))
    ways = (
        orientation.horizontal_share,
        orientation.vertical_share,
        orientation.diagonal_share,
    )
    assert way(view) > 0.9
    assert sum(share(view) for share in ways) == pytest.approx(1)
    assert orientation.orientation_strength(view) > 0.95
    assert orientation.straight_edge_share(view) > 0.9


def test_checks_run_two_ways_at_right_angles(draw: Any) -> None:
    checks = np.kron(np.indices((8, 8)).sum(axis=0) % 2, np.ones((16, 16)))
    view = View(draw.grey(checks))
    assert orientation.orientation_strength(view) < 0.05
    assert orientation.right_angle_share(view) > 0.9
    assert orientation.horizontal_share(view) == pytest.approx(0.5, abs=0.05)


def test_noise_and_disks_run_every_way(draw: Any) -> None:
    clouds = ndimage.gaussian_filter(np.random.default_rng(0).normal(size=(128, 128)), 1.5)
    for image in (draw.grey(0.5 + 2 * clouds), draw.disk(40)):
        view = View(image)
        assert orientation.orientation_strength(view) < 0.1
        assert orientation.right_angle_share(view) == pytest.approx(1 / 3, abs=0.1)
        assert orientation.horizontal_share(view) == pytest.approx(0.25, abs=0.06)


def test_edges_of_a_box_are_straight_and_those_of_specks_are_not(draw: Any) -> None:
    box = View(draw.boxes((30, 30, 97, 97)))
    one_pixel_wide = 4 * 68 / 128**2  # or two: a step lies between pixels, rounding breaks the tie
    assert 0.95 * one_pixel_wide < orientation.edge_share(box) < 2 * one_pixel_wide
    assert orientation.straight_edge_share(box) > 0.9
    specks = [(x, y, x + 3, y + 3) for x in range(8, 120, 12) for y in range(8, 120, 12)]
    assert orientation.straight_edge_share(View(draw.boxes(*specks))) < 0.1


def test_nothing_is_said_of_edges_that_are_not_there(even: np.ndarray) -> None:
    view = View(even)
    assert orientation.edge_share(view) == 0
    assert math.isnan(orientation.straight_edge_share(view))
    assert math.isnan(orientation.orientation_strength(view))
    assert math.isnan(orientation.horizontal_share(view))
    assert math.isnan(orientation.right_angle_share(view))
