"""Hygiene: what labs differ in is gone, what cells differ in stays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.errors import DataError
from kgtransfer.images.data.reinhard import Reinhard


def _picture(seed: int = 0, low: int = 60, high: int = 200) -> np.ndarray:
    rng = np.random.default_rng(seed)
    coarse = rng.integers(low, high, size=(8, 8, 3), dtype=np.uint8)
    return coarse.repeat(6, axis=0).repeat(6, axis=1)


def test_the_reference_itself_stays_as_it_is() -> None:
    picture = _picture()
    moved = Reinhard.fitted([picture])(picture)
    assert np.abs(moved.astype(int) - picture.astype(int)).max() <= 1


@given(st.floats(0.75, 1.05), st.integers(-15, 15))
def test_light_and_tint_of_a_lab_are_taken_out(gain: float, shift: int) -> None:
    picture = _picture(1)
    elsewhere = np.clip(picture * gain + np.array([shift, 0, -shift]), 0, 255).astype(np.uint8)
    reference = Reinhard.fitted([_picture(2), _picture(3)])
    at_home, away = (reference(p).astype(float) for p in (picture, elsewhere))
    before = np.abs(picture.astype(float) - elsewhere).mean()
    assert np.abs(at_home - away).mean() <= max(4.0, 0.5 * before)


def test_an_image_of_one_colour_has_no_contrast_to_stretch() -> None:
    flat = np.full((20, 20, 3), 128, dtype=np.uint8)
    moved = Reinhard.fitted([_picture()])(flat)
    assert moved.std(axis=(0, 1)).max() < 1


def test_without_a_reference_there_is_a_clear_error() -> None:
    with pytest.raises(DataError, match="no image to take the reference colours from"):
        Reinhard.fitted([])
