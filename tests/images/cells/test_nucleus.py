from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from kgtransfer.images.cells.nucleus import nucleus_mask

ROWS, COLUMNS = np.ogrid[:80, :80]
DISTANCE = np.hypot(ROWS - 40, COLUMNS - 40)
CELL = DISTANCE < 30


def _density(darkness: np.ndarray, redness: float = 0.5) -> np.ndarray:
    """Absorbance of red `redness` times that of green, no blue; slightly out of focus."""
    density = np.stack([darkness * redness, darkness, 0 * darkness])
    return ndimage.gaussian_filter(density, (0, 1, 1)).astype(np.float32)


def test_a_nucleus_is_found_without_specks_and_holes() -> None:
    darkness = np.where(DISTANCE < 15, 1.0, np.where(CELL, 0.2, 0.0))
    darkness[40, 40] = 0.2
    darkness[38:43, 60:65] = 1.0
    found = nucleus_mask(_density(darkness), CELL)
    assert found.sum() == pytest.approx(np.pi * 15**2, rel=0.12)
    assert found[40, 40]
    assert not found[40, 63]


def test_granules_over_the_whole_cell_are_not_taken_for_nucleus() -> None:
    grain = ndimage.gaussian_filter(np.random.default_rng(1).normal(size=(80, 80)), 1.2)
    granules = np.clip(0.7 + 0.35 * grain / grain.std(), 0.05, 1.3)
    darkness = np.where(DISTANCE < 20, 1.1, np.where(CELL, granules, 0.0))
    found = nucleus_mask(_density(darkness), CELL)
    assert found.sum() == pytest.approx(np.pi * 20**2, rel=0.15)


def test_a_thin_blue_rim_leaves_a_large_nucleus_large() -> None:
    density = _density(np.where(CELL, np.where(DISTANCE < 26, 1.0, 0.3), 0.0))
    density[0, DISTANCE > 26] *= 1.8
    assert nucleus_mask(density, CELL).sum() == pytest.approx(np.pi * 26**2, rel=0.1)
