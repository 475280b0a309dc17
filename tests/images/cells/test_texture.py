from __future__ import annotations

import math

import numpy as np
import pytest

from kgtransfer.images.cells.segmentation import SegmentedCell
from kgtransfer.images.cells.texture import granule_contrast, vacuole_share

ROWS, COLUMNS = np.ogrid[:80, :80]
PICTURE = np.zeros((80, 80, 3), dtype=np.uint8)
DISTANCE = np.hypot(ROWS - 40, COLUMNS - 40)
CELL, NUCLEUS = DISTANCE < 35, DISTANCE < 12


def _cell(cytoplasm: np.ndarray | float) -> SegmentedCell:
    darkness = np.where(NUCLEUS, 1.0, np.where(CELL, cytoplasm, 0.0))
    return SegmentedCell(PICTURE, np.stack([darkness] * 3).astype(np.float32), CELL, NUCLEUS)


def test_dark_granules_with_pale_gaps_have_contrast_and_an_even_ground_has_none() -> None:
    granules = np.where((ROWS % 4 < 2) & (COLUMNS < 999), 0.9, 0.1)
    assert granule_contrast(_cell(granules)) == pytest.approx(0.4, abs=0.02)
    assert granule_contrast(_cell(0.3)) == pytest.approx(0, abs=1e-6)


def test_vacuoles_are_pale_holes() -> None:
    hole = np.hypot(ROWS - 40, COLUMNS - 60) < 5
    share = vacuole_share(_cell(np.where(hole, 0.0, 0.4)))
    assert share == pytest.approx(hole.sum() / (DISTANCE < 31).sum(), rel=0.4)
    assert vacuole_share(_cell(0.4)) == 0


def test_no_cell_has_no_texture() -> None:
    nothing = np.zeros((80, 80), dtype=bool)
    empty = SegmentedCell(PICTURE, _cell(0.3).density, nothing, nothing)
    assert math.isnan(granule_contrast(empty))
    assert math.isnan(vacuole_share(empty))
