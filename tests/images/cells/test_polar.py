from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.images.cells.polar import Star, best_star

RADII = np.arange(2, 40, 1.0, dtype=np.float32)
ROWS, COLUMNS = np.ogrid[:80, :80]


def _evidence(inside: np.ndarray) -> np.ndarray:
    return np.where(inside, 1, -1).astype(np.float32)


def test_a_disk_is_found_from_a_point_beside_its_centre() -> None:
    disk = (ROWS - 40) ** 2 + (COLUMNS - 40) ** 2 <= 20**2
    found = best_star(_evidence(disk), (44, 38), RADII, 0.5).mask((80, 80))
    assert (found & disk).sum() / (found | disk).sum() > 0.93


def test_a_gap_narrower_than_what_lies_behind_is_bridged_and_a_wide_one_is_not() -> None:
    distance = np.hypot(ROWS - 40, COLUMNS - 40)
    ring = _evidence((distance < 15) | ((distance > 17) & (distance < 25)))
    far = _evidence((distance < 15) | ((distance > 24) & (distance < 26)))
    assert best_star(ring, (40, 40), RADII, 0.5).radii.mean() == pytest.approx(25, abs=1.5)
    assert best_star(far, (40, 40), RADII, 0.5).radii.mean() == pytest.approx(15, abs=1.5)


def test_a_stiff_outline_cuts_a_spike_off() -> None:
    distance = np.hypot(ROWS - 40, COLUMNS - 40)
    spike = _evidence((distance < 15) | ((abs(ROWS - 40) < 3) & (COLUMNS > 40)))
    limp = best_star(spike, (40, 40), RADII, 0.0).radii.max()
    stiff = best_star(spike, (40, 40), RADII, 20.0).radii.max()
    assert limp > 20 > 17 > stiff


def test_a_scaled_star_covers_the_square_of_the_factor() -> None:
    star = Star(10, 10, np.full(48, 5, dtype=np.float32))
    assert star.mask((20, 20)).sum() == 81
    assert star.scaled(3).mask((60, 60)).sum() == pytest.approx(9 * 78.5, rel=0.01)
