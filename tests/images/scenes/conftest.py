"""Drawn scenes, whose covers and lines are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from kgtransfer.images.scenes.scene import Scene

Image = npt.NDArray[np.uint8]
Draw = Callable[..., Scene]

GRASS, CROWNS, SOIL, ASPHALT = (110, 140, 80), (35, 60, 30), (120, 95, 70), (120, 120, 122)
LAKE, ROOF = (20, 40, 70), (225, 225, 225)


def plain(colour: tuple[int, int, int], side: int = 128, grain: float = 2) -> Image:
    """One colour with some grain, alike in all channels."""
    noise = np.random.default_rng(0).normal(0, grain, (side, side, 1))
    return np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)


@pytest.fixture
def grass() -> Scene:
    return Scene(plain(GRASS, grain=8))


@pytest.fixture
def lake() -> Scene:
    """Open water in the left half, lawn in the right."""
    image = plain(GRASS, grain=8)
    image[:, :64] = plain(LAKE, grain=4)[:, :64]
    return Scene(image)


@pytest.fixture
def parking() -> Scene:
    """Rows of small white and dark things on asphalt, a tenth of the width apart."""
    image = plain(ASPHALT)
    for row in range(6, 122, 12):
        for number, column in enumerate(range(4, 124, 8)):
            image[row : row + 6, column : column + 4] = ROOF if number % 2 else (20, 20, 25)
    return Scene(image)


@pytest.fixture
def halls() -> Scene:
    """Two large bright roofs on asphalt."""
    image = plain(ASPHALT)
    image[20:56, 20:56] = image[80:112, 70:110] = ROOF
    return Scene(image)


@pytest.fixture
def forest() -> Scene:
    """Dark crowns at random places."""
    random = np.random.default_rng(1)
    image = plain(CROWNS).astype(np.float64)
    rows, columns = np.ogrid[:128, :128]
    for row, column in random.uniform(0, 128, (400, 2)):
        image[(rows - row) ** 2 + (columns - column) ** 2 < 9] *= random.uniform(0.6, 1.8)
    return Scene(np.clip(image, 0, 160).astype(np.uint8))
