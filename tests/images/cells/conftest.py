"""Drawn cells, whose masks are known, and the real ones where the data is."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

BACKGROUND = (240, 228, 210)
RED_CELL = (190, 160, 165)
CYTOPLASM = (205, 190, 225)
NUCLEUS = (90, 50, 130)


@dataclass(frozen=True)
class Drawn:
    """An image and where its nucleus and cell are."""

    image: npt.NDArray[np.uint8]
    cell: npt.NDArray[np.bool_]
    nucleus: npt.NDArray[np.bool_]


def _disk(row: float, column: float, radius: float, size: int = 144) -> npt.NDArray[np.bool_]:
    rows, columns = np.ogrid[:size, :size]
    return np.asarray((rows - row) ** 2 + (columns - column) ** 2 <= radius**2)


def _draw(
    nuclei: list[tuple[float, float, float]],
    *,
    radius: float = 30,
    red_cells: tuple[tuple[float, float, float], ...] = (),
    cytoplasm: tuple[int, int, int] = CYTOPLASM,
    lamp: tuple[float, float, float] = (1, 1, 1),
) -> Drawn:
    """One cell in the middle, its nucleus the union of disks; grain of two grey levels."""
    image = np.full((144, 144, 3), BACKGROUND, dtype=np.float64)
    for red in red_cells:
        image[_disk(*red)] = RED_CELL
    cell = _disk(72, 72, radius)
    nucleus = np.logical_or.reduce([_disk(*lobe) for lobe in nuclei]) & cell
    image[cell], image[nucleus] = cytoplasm, NUCLEUS
    image += np.random.default_rng(0).normal(0, 2, image.shape)
    return Drawn(np.clip(image * lamp, 0, 255).astype(np.uint8), cell, nucleus)


@pytest.fixture(scope="session")
def draw() -> Callable[..., Drawn]:
    """Draws a cell."""
    return _draw


@pytest.fixture(scope="session")
def overlap() -> Callable[[npt.NDArray[np.bool_], npt.NDArray[np.bool_]], float]:
    """Intersection over union."""
    return _overlap


def _overlap(found: npt.NDArray[np.bool_], true: npt.NDArray[np.bool_]) -> float:
    return float((found & true).sum() / (found | true).sum())


@pytest.fixture(scope="session")
def real() -> Callable[[str, str], npt.NDArray[np.uint8]]:
    """Reads an image by data set and path."""
    data = os.environ.get("KGTRANSFER_DATA", "")
    if not Path(data, "vision", "wbc_jtsc").is_dir():
        pytest.skip("needs the blood cells of $KGTRANSFER_DATA/vision")

    def read(name: str, path: str) -> npt.NDArray[np.uint8]:
        (archive,) = Path(data, "vision", name).glob("*.zip")
        with zipfile.ZipFile(archive) as images:
            return np.asarray(Image.open(io.BytesIO(images.read(path))))

    return read


@pytest.fixture(scope="session")
def labelled(real: object) -> Callable[[str], list[dict[str, str]]]:
    """Reads the rows of a data set's labels."""

    def rows(name: str) -> list[dict[str, str]]:
        path = Path(os.environ["KGTRANSFER_DATA"], "vision", name, "labels.csv")
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return rows
