from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import ndimage

from kgtransfer.images.scenes import structure
from kgtransfer.images.scenes.scene import Scene


def _grey(values: np.ndarray) -> Scene:
    return Scene(np.repeat(np.clip(values, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2))


def _stripes(angle: float, period: float = 16) -> Scene:
    rows, columns = np.indices((128, 128))
    turn = math.radians(angle)
    across = rows * math.cos(turn) + columns * math.sin(turn)
    return _grey(128 + 80 * np.sign(np.sin(2 * math.pi * across / period)))


@pytest.fixture
def noise() -> Scene:
    values = ndimage.gaussian_filter(np.random.default_rng(0).normal(size=(128, 128)), 1)
    return _grey(128 + 50 * values / values.std())


def test_a_lawn_is_smooth_and_crowns_are_rough(grass: Scene, forest: Scene, halls: Scene) -> None:
    assert structure.local_contrast(grass) < 0.04
    assert structure.local_contrast(forest) > 0.04
    assert structure.edge_share(grass) == 0
    assert structure.edge_share(halls) < 0.05 < 0.1 < structure.edge_share(forest)


@pytest.mark.parametrize("angle", [0, 22.5, 30, 45, 90, 120])
def test_stripes_are_straight_and_aligned_whichever_way(angle: float) -> None:
    assert structure.straight_edge_share(_stripes(angle)) > 0.9
    assert structure.direction_share(_stripes(angle)) > 0.9


def test_noise_is_neither_straight_nor_aligned(noise: Scene) -> None:
    assert structure.straight_edge_share(noise) < 0.05
    assert structure.direction_share(noise) == pytest.approx(1 / 3, abs=0.05)


def test_short_edges_of_cars_are_not_straight_lines(parking: Scene, halls: Scene) -> None:
    assert structure.straight_edge_share(parking) < 0.1
    assert structure.straight_edge_share(halls) > 0.8


def test_nothing_is_said_of_edges_that_are_not_there() -> None:
    flat = _grey(np.full((128, 128), 90.0))
    assert math.isnan(structure.straight_edge_share(flat))
    assert math.isnan(structure.direction_share(flat))
