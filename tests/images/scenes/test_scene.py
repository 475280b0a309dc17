from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.images.scenes.scene import Scene


@pytest.mark.parametrize("size", [(16, 16), (400, 400), (128, 128)])
def test_any_size_is_brought_to_one(size: tuple[int, int]) -> None:
    assert Scene(np.zeros((*size, 3), dtype=np.uint8)).image.shape == (128, 128, 3)


def test_the_shape_of_the_image_stays_and_its_area_is_the_same() -> None:
    height, width, _ = Scene(np.zeros((100, 400, 3), dtype=np.uint8)).image.shape
    assert (height, width) == (64, 256)


def test_a_strip_keeps_a_side_that_can_be_measured() -> None:
    assert Scene(np.zeros((16, 16000, 3), dtype=np.uint8)).image.shape[0] == 16


def test_colours_as_hue_saturation_and_value() -> None:
    image = np.zeros((128, 128, 3), dtype=np.uint8)
    image[:64], image[64:] = (0, 128, 0), (100, 100, 100)
    hue, saturation, value = Scene(image).hsv
    assert hue[0, 0] == pytest.approx(120, abs=1)
    assert (saturation[0, 0], saturation[-1, -1]) == (1, 0)
    assert value[0, 0] == pytest.approx(0.502, abs=0.001)


def test_edges_lie_where_the_brightness_changes() -> None:
    image = np.zeros((128, 128, 3), dtype=np.uint8)
    image[:, 64:] = 200
    edges = Scene(image).edges
    assert set(np.flatnonzero(edges.any(axis=0))) <= {63, 64}
    assert edges.sum() > 120


def test_deviation_of_a_checkerboard_is_half_its_step() -> None:
    board = (np.indices((128, 128)).sum(axis=0) % 2 * 100).astype(np.uint8)
    deviation = Scene(np.repeat(board[:, :, None], 3, axis=2)).deviation
    assert deviation[64, 64] == pytest.approx(50 / 255, abs=0.001)
