"""Drawn images, whose colours, lines and objects are known, and images like natural ones."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw
from scipy import ndimage

Picture = npt.NDArray[np.uint8]
Box = tuple[int, int, int, int]

SIDE = 128


def grey(values: npt.ArrayLike) -> Picture:
    """Values of 0 to 1 as a grey image."""
    levels = np.clip(np.rint(np.asarray(values, dtype=np.float64) * 255), 0, 255)
    return np.repeat(levels.astype(np.uint8)[:, :, None], 3, axis=2)


def stripes(angle: float = 0, width: float = 8, low: float = 0.1, high: float = 0.9) -> Picture:
    """Stripes of a width in pixels; level at 0 degrees, rising to the right above."""
    rows, columns = np.indices((SIDE, SIDE)) + 0.5
    turn = math.radians(angle)
    across = rows * math.cos(turn) + columns * math.sin(turn)
    return grey(np.where(across // width % 2 == 0, high, low))


def boxes(*places: Box, ground: int = 230, ink: int = 30) -> Picture:
    """Dark rectangles (left, top, right, bottom; inclusive) on bright ground."""
    image = Image.new("L", (SIDE, SIDE), ground)
    draw = ImageDraw.Draw(image)
    for place in places:
        draw.rectangle(place, fill=ink)
    return np.repeat(np.asarray(image)[:, :, None], 3, axis=2)


def disk(
    radius: float = 30, hole: float = 0, centre: tuple[float, float] = (63.5, 63.5)
) -> Picture:
    """A dark disk on bright ground, with a round hole; the centre is row and column."""
    rows, columns = np.indices((SIDE, SIDE))
    away = np.hypot(rows - centre[0], columns - centre[1])
    return grey(np.where((away <= radius) & (away >= hole), 0.1, 0.9))


def natural(seed: int, height: int = SIDE, width: int = SIDE) -> Picture:
    """Coloured clouds of three sizes, and up to four things before them."""
    random = np.random.default_rng(seed)
    image = np.tile(random.uniform(40, 200, 3), (height, width, 1))
    side = max(height, width)
    for sigma, strength in ((side / 6, 60), (side / 25, 40), (1, random.uniform(0, 20))):
        cloud = ndimage.gaussian_filter(random.normal(size=image.shape), (sigma, sigma, 0.7))
        image += strength * cloud / cloud.std()
    rows, columns = np.ogrid[:height, :width]
    for _ in range(random.integers(0, 5)):
        row, column = random.uniform(0, 1, 2) * (height, width)
        radius = random.uniform(0.03, 0.3) * min(height, width)
        round_ = np.hypot(rows - row, columns - column) < radius
        square = (abs(rows - row) < radius) & (abs(columns - column) < radius)
        image[round_ if random.random() < 0.5 else square] = random.uniform(0, 255, 3)
    return np.clip(image, 0, 255).astype(np.uint8)


class Draw:
    """All of them, for tests."""

    grey = staticmethod(grey)
    stripes = staticmethod(stripes)
    boxes = staticmethod(boxes)
    disk = staticmethod(disk)
    natural = staticmethod(natural)


@pytest.fixture(scope="session")
def draw() -> type[Draw]:
    return Draw


@pytest.fixture(scope="session")
def even() -> Picture:
    """One colour everywhere."""
    return np.full((SIDE, SIDE, 3), (90, 120, 200), dtype=np.uint8)


@pytest.fixture(scope="session")
def static() -> Picture:
    """White noise."""
    return grey(np.random.default_rng(0).normal(0.5, 0.1, (SIDE, SIDE)))


@pytest.fixture(scope="session")
def letters() -> dict[str, Picture]:
    """Letters of strokes 12 pixels wide."""
    cross = Image.new("RGB", (SIDE, SIDE), (230, 230, 230))
    lines = ImageDraw.Draw(cross)
    for ends in ((24, 16, 104, 112), (104, 16, 24, 112)):
        lines.line(ends, fill=(30, 30, 30), width=12)
    stem, top = (58, 20, 69, 108), (24, 20, 103, 31)
    left, right = (24, 20, 35, 108), (92, 20, 103, 108)
    return {
        "I": boxes(stem),
        "T": boxes(stem, top),
        "L": boxes(left, (24, 97, 92, 108)),
        "H": boxes(left, right, (24, 58, 103, 69)),
        "O": disk(44, 32),
        "B": boxes(left, top, right, (24, 58, 103, 69), (24, 97, 103, 108)),
        "X": np.asarray(cross),
    }
