from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from kgtransfer.images.measures import texture
from kgtransfer.images.measures.view import View


def _clouds(draw: Any, sigma: float) -> View:
    values = ndimage.gaussian_filter(np.random.default_rng(0).normal(size=(128, 128)), sigma)
    return View(draw.grey(0.5 + 0.15 * values / values.std()))


def _checks(draw: Any, width: int) -> View:
    cells = np.indices((128 // width, 128 // width)).sum(axis=0) % 2
    return View(draw.grey(0.2 + 0.6 * np.kron(cells, np.ones((width, width)))))


def test_coarseness_follows_the_width_of_the_grain(draw: Any) -> None:
    found = [texture.coarseness(_checks(draw, width)) for width in (2, 4, 8, 16)]
    assert found == sorted(found)
    assert found[0] == pytest.approx(2 / 128, abs=0.005)
    assert found[3] > 4 * found[0]


def test_cooccurrence_of_an_even_image_and_of_checks(even: np.ndarray, draw: Any) -> None:
    assert texture.homogeneity(View(even)) == texture.energy(View(even)) == 1
    assert texture.glcm_contrast(View(even)) == 0
    checks = _checks(draw, 2)  # other colour: all along rows and columns, half across
    assert texture.energy(checks) == pytest.approx(math.sqrt(2 * 0.375**2 + 2 * 0.125**2), abs=0.01)
    assert texture.glcm_contrast(checks) == pytest.approx(9 / 15 * math.sqrt(0.75), abs=0.01)
    assert texture.homogeneity(checks) == pytest.approx(0.25 + 0.75 / 82, abs=0.01)


def test_correlation_near_and_far(draw: Any, static: np.ndarray) -> None:
    assert texture.correlation(View(static)) == pytest.approx(0, abs=0.03)
    assert texture.correlation(_clouds(draw, 3)) > 0.75
    assert texture.far_correlation(_clouds(draw, 3)) < 0.3
    assert texture.far_correlation(_clouds(draw, 16)) > 0.8
    upright = View(draw.stripes(width=2, angle=90))  # -1 across, 1 along, 0 aslant
    assert texture.correlation(upright) == pytest.approx(0, abs=0.03)


def test_the_entropy_of_patterns_grows_from_lines_to_texture(even: np.ndarray, draw: Any) -> None:
    lines, clouds = View(draw.stripes(width=16)), _clouds(draw, 2)
    assert texture.lbp_entropy(View(even)) == 0
    assert 0 < texture.lbp_entropy(lines) < 0.5 < 0.8 < texture.lbp_entropy(clouds)


@pytest.mark.parametrize(
    ("width", "band"),
    [(2, texture.fine_detail), (10, texture.middle_detail), (40, texture.coarse_detail)],
)
def test_waves_lie_in_the_band_of_their_width(
    draw: Any, width: int, band: Callable[[View], float]
) -> None:
    waves = 0.5 + 0.3 * np.sin(np.arange(128) * np.pi / width)
    view = View(draw.grey(np.tile(waves, (128, 1))))
    bands = (texture.fine_detail, texture.middle_detail, texture.coarse_detail)
    assert max(bands, key=lambda share: share(view)) is band
    assert band(view) > 0.75
    assert sum(share(view) for share in bands) == pytest.approx(1)


def test_nothing_is_said_of_the_grain_of_an_even_image(even: np.ndarray) -> None:
    view = View(even)
    assert math.isnan(texture.coarseness(view))
    assert math.isnan(texture.correlation(view))
    assert math.isnan(texture.far_correlation(view))
    assert math.isnan(texture.fine_detail(view))
