"""Hygiene: what labs differ in is gone, what cells differ in stays."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.errors import DataError
from kgtransfer.images.data.preprocessing import Augmentation, Reinhard, fitted_to_square, turned


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


def test_the_middle_square_is_taken() -> None:
    wide = np.zeros((20, 60, 3), dtype=np.uint8)
    wide[:, 20:40] = 255
    assert fitted_to_square(wide, 32).shape == (32, 32, 3)
    assert fitted_to_square(wide, 32).min() > 250


def test_views_are_reproducible_and_differ() -> None:
    batch = torch.rand(3, 3, 24, 24) * 2 - 1
    views = [Augmentation()(batch, torch.Generator().manual_seed(seed)) for seed in (0, 0, 1)]
    assert torch.equal(views[0], views[1])
    assert not torch.allclose(views[0], views[2])
    assert views[0].shape == batch.shape


def test_images_stay_upright_and_their_sides_where_they_are() -> None:
    batch = torch.rand(8, 3, 24, 24) * 2 - 1
    views = Augmentation(zoom=0, colours=0)(batch, torch.Generator().manual_seed(0))
    assert (views - batch).abs().max() < 1e-4


def test_only_some_are_mirrored_where_asked() -> None:
    batch = torch.rand(8, 3, 24, 24) * 2 - 1
    mirrored = Augmentation(mirrors=True, zoom=0, colours=0)
    views = mirrored(batch, torch.Generator().manual_seed(0))
    same = (views - batch).abs().amax((1, 2, 3)) < 1e-4
    flipped = (views - batch.flip(-1)).abs().amax((1, 2, 3)) < 1e-4
    assert {*same.tolist()} == {True, False}
    assert torch.equal(flipped, ~same)


def test_turns_are_by_any_angle() -> None:
    batch = torch.zeros(4, 3, 25, 25)
    batch[:, :, 12, :] = 1  # a level line through the middle
    views = Augmentation(turns=True, zoom=0, colours=0)(batch, torch.Generator().manual_seed(0))
    assert (views[:, 0, 12, 0] < 0.9).all()  # it is level no more
    assert (views[:, 0, 12, 12] > 0.5).all()


def test_a_square_has_eight_views_of_the_same() -> None:
    image = torch.arange(9.0).view(1, 3, 3)
    views = [turned(image, view) for view in range(8)]
    assert torch.equal(views[0], image)
    assert views[1].tolist() == [[[2, 5, 8], [1, 4, 7], [0, 3, 6]]]
    assert views[4].tolist() == [[[2, 1, 0], [5, 4, 3], [8, 7, 6]]]
    assert len({str(view.tolist()) for view in views}) == 8
