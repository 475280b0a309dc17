from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.images.measures.autocorrelation import Autocorrelation


def test_one_at_zero_and_again_a_period_away() -> None:
    waves = np.tile(np.sin(np.arange(96) * 2 * np.pi / 8), (96, 1))
    heights = Autocorrelation(waves).heights
    assert heights.shape == (65, 65)
    assert heights[32, 32] == pytest.approx(1, abs=1e-6)
    assert heights[32, 40] == pytest.approx(1, abs=0.01)
    assert heights[32, 36] == pytest.approx(-1, abs=0.01)


def test_the_peak_is_the_nearest_of_the_highest_not_the_ridge_through_zero() -> None:
    waves = np.tile(np.sin(np.arange(96) * 2 * np.pi / 8), (96, 1))
    height, distance = Autocorrelation(waves).peak
    assert height == pytest.approx(1, abs=0.02)
    assert distance == pytest.approx(8, abs=0.5)


def test_a_lattice() -> None:
    dots = np.zeros((90, 90))
    dots[::10, ::15] = 1
    height, distance = Autocorrelation(dots).peak
    assert height > 0.9
    assert distance == pytest.approx(10)


def test_one_value_everywhere_has_no_peak() -> None:
    assert Autocorrelation(np.full((30, 40), 0.5)).peak == (0, 0)
