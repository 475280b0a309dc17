from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from kgtransfer.images.cells import shape
from kgtransfer.images.cells.segmentation import SegmentedCell

ROWS, COLUMNS = np.ogrid[:100, :100]
PICTURE = np.zeros((100, 100, 3), dtype=np.uint8)


def _disk(row: float, column: float, radius: float) -> np.ndarray:
    return (ROWS - row) ** 2 + (COLUMNS - column) ** 2 <= radius**2


def _cell(nucleus: np.ndarray, radius: float = 40) -> SegmentedCell:
    density = np.zeros((3, 100, 100), dtype=np.float32)
    return SegmentedCell(PICTURE, density, _disk(50, 50, radius), nucleus)


NOTHING = np.zeros((100, 100), dtype=bool)
ROUND = _cell(_disk(50, 50, 20))
TWO = _cell(_disk(40, 50, 12) | _disk(64, 50, 12) | ((abs(COLUMNS - 50) < 2) & _disk(52, 50, 10)))
THREE = _cell(_disk(35, 50, 9) | _disk(60, 35, 9) | _disk(60, 65, 9))
WAIST = _cell(_disk(41, 50, 12) | _disk(59, 50, 12))
BAND = _cell(_disk(50, 50, 26) & ~_disk(50, 50, 14) & (COLUMNS < 56))


def test_diameter_is_that_of_the_disk_with_the_cells_area() -> None:
    assert shape.cell_diameter(ROUND) == pytest.approx(80, abs=0.5)


def test_a_disk_is_rounder_than_a_square() -> None:
    square = (abs(ROWS - 50) < 25) & (abs(COLUMNS - 50) < 25)
    boxed = SegmentedCell(PICTURE, ROUND.density, square, NOTHING)
    assert shape.cell_circularity(ROUND) > 0.95
    assert shape.cell_circularity(boxed) < 0.9


def test_nucleus_cytoplasm_ratio() -> None:
    assert shape.nucleus_cytoplasm_ratio(ROUND) == pytest.approx(1 / 3, rel=0.02)
    assert shape.nucleus_cytoplasm_ratio(_cell(NOTHING)) == 0


def test_solidity_falls_with_the_depth_of_dents() -> None:
    assert shape.nucleus_solidity(ROUND) == pytest.approx(0.96, abs=0.02)
    assert shape.nucleus_solidity(BAND) < 0.75


@pytest.mark.parametrize(
    ("cell", "lobes"), [(ROUND, 1), (TWO, 2), (THREE, 3), (WAIST, 2), (BAND, 1)]
)
def test_lobes_are_counted_across_filaments(cell: SegmentedCell, lobes: int) -> None:
    assert shape.lobe_count(cell) == lobes


def test_no_nucleus_has_no_lobes_and_no_solidity() -> None:
    assert shape.lobe_count(_cell(NOTHING)) == 0
    assert math.isnan(shape.nucleus_solidity(_cell(NOTHING)))


def test_no_cell_has_no_size(draw: Callable) -> None:
    empty = SegmentedCell(PICTURE, ROUND.density, NOTHING, NOTHING)
    assert math.isnan(shape.cell_diameter(empty))
    assert math.isnan(shape.nucleus_cytoplasm_ratio(empty))
