from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kgtransfer.images.measures.foreground import Foreground


def test_dark_and_bright_things_alike_stand_out(draw: Any) -> None:
    image = draw.boxes((20, 20, 39, 39), ground=128, ink=20)
    image[60:90, 60:100] = 240
    foreground = Foreground(image)
    assert foreground.areas.tolist() == pytest.approx([400, 1200], abs=4)
    assert foreground.mask[30, 30]
    assert foreground.mask[70, 70]
    assert not foreground.mask[100, 20]


def test_a_thing_of_the_same_luma_stands_out_by_its_hue() -> None:
    image = np.full((128, 128, 3), (160, 60, 60), dtype=np.uint8)
    image[40:80, 40:80] = (40, 116, 83)
    luma = image @ np.array([0.299, 0.587, 0.114])
    assert np.ptp(luma) < 2.5
    assert Foreground(image).areas.tolist() == [1600]


def test_nothing_stands_out_of_even_ground_of_a_faint_slope_and_of_noise(
    even: np.ndarray, static: np.ndarray, draw: Any
) -> None:
    slope = draw.grey(np.tile(np.linspace(0.5, 0.6, 128), (128, 1)))
    for image in (even, slope, static):
        foreground = Foreground(image)
        assert not foreground.mask.any()
        assert foreground.areas.size == 0
        assert foreground.largest is None


def test_contrast_is_the_distance_of_the_two_colours(draw: Any) -> None:
    image = draw.boxes((32, 32, 95, 95), ground=200, ink=73)
    assert Foreground(image).contrast == pytest.approx(127 / 255, abs=0.02)


def test_the_background_is_a_colour_that_is_there() -> None:
    image = np.zeros((128, 128, 3), dtype=np.uint8)
    image[:64, :, 0] = image[64:, :, 2] = 200  # half red, half blue: neither is their median
    foreground = Foreground(image)
    assert foreground.areas.tolist() == pytest.approx([64 * 128], abs=128)
    assert foreground.contrast == pytest.approx(np.hypot(200, 200) / 255 / np.sqrt(3), abs=0.02)


def test_specks_are_no_objects_and_corners_connect(draw: Any) -> None:
    foreground = Foreground(draw.boxes((10, 10, 12, 12), (40, 40, 59, 59), (60, 60, 79, 79)))
    assert foreground.areas.size == 1
    assert foreground.areas[0] == pytest.approx(800, abs=8)


def test_the_largest_object_is_cut_out_by_its_box(draw: Any) -> None:
    largest = Foreground(draw.boxes((5, 5, 24, 14), (50, 60, 89, 79))).largest
    assert largest is not None
    assert largest.shape == (20, 40)
    assert largest[1:-1, 1:-1].all()
