from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.images.cells.stain import absorbance_ratio, background, optical_density


def test_background_is_the_colour_of_the_brightest_tenth() -> None:
    image = np.full((20, 20, 3), (120, 60, 130), dtype=np.uint8)
    image[:3] = (250, 240, 220)
    assert background(image).tolist() == [250, 240, 220]


def test_optical_density_is_the_decadic_absorbance() -> None:
    image = np.array([[[249, 24, 249]]], dtype=np.uint8)
    density = optical_density(image, np.array([249, 249, 249], dtype=np.float32))
    assert density.shape == (3, 1, 1)
    assert density[:, 0, 0] == pytest.approx([0, 1, 0], abs=1e-6)


def test_a_coloured_lamp_changes_no_density() -> None:
    grey = optical_density(np.array([[[99] * 3]], np.uint8), np.array([199] * 3, np.float32))
    dim = optical_density(np.array([[[49] * 3]], np.uint8), np.array([99] * 3, np.float32))
    assert grey[:, 0, 0] == pytest.approx(dim[:, 0, 0])


def test_blue_absorbs_more_red_than_pink_does() -> None:
    density = np.array([[[0.3, 0.1]], [[0.2, 0.4]], [[0.1, 0.1]]], dtype=np.float32)
    assert absorbance_ratio(density, np.array([[True, False]])) == pytest.approx(1.5)
    assert absorbance_ratio(density, np.array([[False, True]])) == pytest.approx(0.25)
