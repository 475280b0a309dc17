from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from kgtransfer.images.measures import contrast
from kgtransfer.images.measures.view import View


def test_contrast_of_two_halves_is_global_and_hardly_local(draw: Any) -> None:
    halves = View(draw.grey(np.tile(np.repeat([0.2, 0.8], 64), (128, 1))))
    assert contrast.global_contrast(halves) == pytest.approx(0.6, abs=0.01)
    assert contrast.local_contrast(halves) < 0.02
    checks = View(draw.grey(np.kron(np.indices((64, 64)).sum(axis=0) % 2, np.ones((2, 2))) * 0.6))
    assert contrast.local_contrast(checks) == pytest.approx(0.3, abs=0.02)


def test_a_bright_middle_and_a_dark_one(draw: Any) -> None:
    dark = draw.boxes((32, 32, 95, 95), ground=204, ink=51)
    assert contrast.centre_contrast(View(dark)) == pytest.approx(-0.6, abs=0.01)
    assert contrast.centre_contrast(View(255 - dark)) == pytest.approx(0.6, abs=0.01)


def test_blurring_takes_sharpness_and_shows_as_blur(draw: Any) -> None:
    sharp = draw.natural(1)
    views = [View(ndimage.gaussian_filter(sharp, (sigma, sigma, 0))) for sigma in (0, 1, 3)]
    assert sorted(views, key=contrast.sharpness, reverse=True) == views
    assert sorted(views, key=contrast.blur) == views
    assert contrast.blur(views[0]) < 0.4
    assert contrast.blur(views[2]) > 0.55


def test_the_sharpness_of_noise_and_of_single_pixels(static: np.ndarray, draw: Any) -> None:
    assert contrast.sharpness(View(static)) == pytest.approx(math.sqrt(20) / 8, abs=0.01)
    checks = draw.grey(np.indices((128, 128)).sum(axis=0) % 2)
    assert contrast.sharpness(View(checks)) == pytest.approx(1, abs=0.01)


def test_blur_along_one_axis_counts(draw: Any) -> None:
    random = np.random.default_rng(0).normal(0.5, 0.1, (128, 128))
    moved = draw.grey(0.5 + 3 * (ndimage.uniform_filter1d(random, 9, axis=1) - 0.5))
    assert contrast.blur(View(draw.grey(random))) < 0.12
    assert contrast.blur(View(moved)) > 0.2
    assert contrast.blur(View(moved.swapaxes(0, 1))) == pytest.approx(contrast.blur(View(moved)))


def test_noise_is_its_standard_deviation_whatever_lies_below(draw: Any) -> None:
    stripes = draw.stripes(width=16, low=0.3, high=0.7)
    assert contrast.noise(View(stripes)) == 0
    noisy = stripes / 255 + np.random.default_rng(0).normal(0, 0.05, (128, 128, 1))
    assert contrast.noise(View(draw.grey(noisy[..., 0]))) == pytest.approx(0.05, abs=0.006)


def test_nothing_is_said_of_the_sharpness_of_an_even_image(even: np.ndarray) -> None:
    view = View(even)
    assert math.isnan(contrast.sharpness(view))
    assert math.isnan(contrast.blur(view))
    assert contrast.global_contrast(view) == contrast.noise(view) == 0
    assert contrast.local_contrast(view) == pytest.approx(0, abs=1e-4)
