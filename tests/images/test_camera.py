from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.images.camera import Camera

GREY = np.full((20, 30, 3), 100, dtype=np.uint8)
STEP = np.full((20, 30, 3), 200, dtype=np.uint8)
STEP[:, :15] = 50


def test_by_default_nothing_happens() -> None:
    assert np.array_equal(Camera()(STEP), STEP)


def test_white_balance_multiplies_each_channel_and_stays_in_range() -> None:
    assert Camera(white_balance=(1.2, 1, 0.5))(GREY)[0, 0].tolist() == [120, 100, 50]
    assert Camera(white_balance=(3, 1, 1))(GREY)[0, 0].tolist() == [255, 100, 100]


def test_gamma_is_an_exponent_of_relative_intensity() -> None:
    assert Camera(gamma=2)(GREY)[0, 0].tolist() == [39, 39, 39]  # 255 (100 / 255) squared


def test_less_contrast_keeps_the_mean() -> None:
    seen = Camera(contrast=0.6)(STEP)
    assert sorted(set(seen.ravel().tolist())) == [80, 170]  # 125 -+ 45


def test_blur_spreads_an_edge_and_keeps_what_is_far_from_it() -> None:
    seen = Camera(blur=2)(STEP)[10, :, 0].astype(int)
    assert seen[0] == 50
    assert seen[-1] == 200
    assert 90 < seen[14] < 125 < seen[15] < 160


def test_noise_is_that_of_the_seed() -> None:
    camera = Camera(noise=5)
    assert np.array_equal(camera(GREY, 1), camera(GREY, 1))
    assert not np.array_equal(camera(GREY, 1), camera(GREY, 2))
    assert float(camera(GREY).std()) == pytest.approx(5, rel=0.1)


def test_jpeg_keeps_size_and_nearly_the_colours() -> None:
    seen = Camera(jpeg=40)(STEP)
    assert seen.shape == STEP.shape
    assert seen.dtype == np.uint8
    assert np.abs(seen[:, -5:].astype(int) - 200).max() < 8


def test_drawn_cameras_differ_and_are_those_of_their_seed() -> None:
    assert Camera.drawn(3) == Camera.drawn(3)
    drawn = [Camera.drawn(seed) for seed in range(200)]
    assert len({camera.gamma for camera in drawn}) == 200
    assert all(0.7 <= camera.gamma <= 1.4 and 40 <= camera.jpeg <= 95 for camera in drawn)
    assert all(0.8 <= factor <= 1.2 for camera in drawn for factor in camera.white_balance)
