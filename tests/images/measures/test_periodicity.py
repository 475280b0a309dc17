from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from kgtransfer.images.measures.periodicity import period, periodicity
from kgtransfer.images.measures.view import View


@pytest.mark.parametrize("angle", [0, 30, 90])
@pytest.mark.parametrize("width", [4, 8, 16])
def test_stripes_repeat_after_two_of_them(draw: Any, width: int, angle: float) -> None:
    view = View(draw.stripes(angle, width))
    assert periodicity(view) > 0.85
    assert period(view) == pytest.approx(2 * width / 128, abs=1.5 / 128)


def test_a_lattice_of_dots_with_noise(draw: Any) -> None:
    dots = [(x, y, x + 5, y + 5) for x in range(4, 124, 16) for y in range(4, 124, 16)]
    noisy = draw.boxes(*dots)[..., 0] / 255 + np.random.default_rng(0).normal(0, 0.1, (128, 128))
    view = View(draw.grey(noisy))
    assert periodicity(view) > 0.6
    assert period(view) == pytest.approx(16 / 128, abs=0.01)


def test_light_from_one_side_does_not_hide_what_repeats(draw: Any) -> None:
    lit = draw.stripes(width=8, low=0.4, high=0.6) / 255 + np.linspace(-0.35, 0.35, 128)[:, None]
    view = View(draw.grey(lit[..., 0]))
    assert periodicity(view) > 0.8
    assert period(view) == pytest.approx(16 / 128, abs=0.015)


def test_noise_and_single_things_repeat_nothing(draw: Any, static: np.ndarray) -> None:
    for image in (static, draw.disk(30), draw.boxes((20, 30, 90, 60))):
        view = View(image)
        assert periodicity(view) < 0.3
        assert math.isnan(period(view))


def test_an_even_image_repeats_nothing(even: np.ndarray) -> None:
    assert periodicity(View(even)) == 0
    assert math.isnan(period(View(even)))
