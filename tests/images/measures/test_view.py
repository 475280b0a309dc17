from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import fft, ndimage

from kgtransfer.images.measures.view import View


@pytest.mark.parametrize(
    ("shape", "brought_to"),
    [
        ((128, 128), (128, 128)),
        ((64, 64), (128, 128)),
        ((8, 8), (128, 128)),
        ((500, 500), (128, 128)),
        ((50, 200), (64, 256)),
        ((8, 4000), (16, 1024)),
    ],
)
def test_images_of_any_size_are_brought_to_one_area(
    shape: tuple[int, int], brought_to: tuple[int, int]
) -> None:
    assert View(np.zeros((*shape, 3), dtype=np.uint8)).shape == brought_to


def test_no_colour_appears_beyond_those_of_the_image(draw: Any) -> None:
    for size in (40, 300):
        image = np.full((size, size, 3), 50, dtype=np.uint8)
        image[size // 3 : size // 2] = 180
        view = View(image)
        assert (view.image.min(), view.image.max()) == (50, 180)


def test_a_view_stays_as_it_is_when_the_image_is_changed(even: np.ndarray) -> None:
    image = even.copy()
    view = View(image)
    image[:] = 0
    assert view.image[0, 0].tolist() == [90, 120, 200]
    with pytest.raises(ValueError, match="read-only"):
        view.image[0, 0] = 0


def test_luma_of_pure_colours() -> None:
    image = np.zeros((128, 128, 3), dtype=np.uint8)
    image[:32, :, 0] = image[32:64, :, 1] = image[64:96, :, 2] = 255
    luma = View(image).luma
    assert luma[[0, 40, 80, 120], 0] == pytest.approx([0.299, 0.587, 0.114, 0])


def test_the_spectrum_has_the_energy_of_luma_and_blurs_as_a_gaussian_does(draw: Any) -> None:
    view = View(draw.natural(3))
    luma = view.luma - view.luma.mean()
    assert np.square(view.spectrum).sum() == pytest.approx(np.square(luma).sum(), rel=1e-5)
    blurred = fft.idctn(view.spectrum * view.gaussian(4), norm="ortho")
    assert blurred == pytest.approx(ndimage.gaussian_filter(luma, 4.0, truncate=8), abs=1e-3)


def test_gradient_of_a_ramp_and_edges_of_a_step(draw: Any) -> None:
    ramp = View(draw.grey(np.tile(np.linspace(0, 1, 128), (128, 1))))
    down, right = ramp.gradient
    assert right[:, 8:-8] == pytest.approx(1 / 127, abs=2e-3)
    assert np.abs(down).max() < 1e-6
    assert not ramp.edges.any()
    step = View(draw.boxes((0, 0, 63, 127)))
    assert set(np.nonzero(step.edges)[1]) <= {63, 64}


def test_only_an_even_image_is_flat(even: np.ndarray, draw: Any) -> None:
    assert View(even).is_flat
    assert not View(draw.grey(np.tile([[0.5], [0.51]], (64, 128)))).is_flat
