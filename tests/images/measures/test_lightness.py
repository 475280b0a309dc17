from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kgtransfer.images.measures import lightness
from kgtransfer.images.measures.view import View


@pytest.fixture
def thirds(draw: Any) -> View:
    """Black above, grey in the middle, white below."""
    values = np.repeat([0.0, 0.5, 0.5, 1.0], 32)
    return View(draw.grey(np.tile(values[:, None], (1, 128))))


def test_shares_of_dark_middle_and_bright(thirds: View) -> None:
    assert lightness.dark_share(thirds) == 0.25
    assert lightness.middle_share(thirds) == 0.5
    assert lightness.bright_share(thirds) == 0.25


def test_mean_spread_and_halves(thirds: View) -> None:
    assert lightness.lightness(thirds) == pytest.approx(0.5, abs=0.002)
    assert lightness.lightness_spread(thirds) == pytest.approx(0.3536, abs=0.001)
    assert lightness.upper_brightness(thirds) == pytest.approx(-0.5, abs=0.002)


def test_entropy_of_one_tone_of_four_and_of_all(draw: Any) -> None:
    levels = [0, 0.3, 0.6, 0.9]
    assert lightness.lightness_entropy(View(draw.grey(np.full((128, 128), 0.4)))) == 0
    four = draw.grey(np.tile(np.repeat(levels, 32), (128, 1)))
    assert lightness.lightness_entropy(View(four)) == pytest.approx(2 / 6, abs=1e-6)
    ramp = draw.grey(np.tile((np.arange(128) // 2 * 4 + 2) / 255, (128, 1)))
    assert lightness.lightness_entropy(View(ramp)) == pytest.approx(1, abs=1e-6)
