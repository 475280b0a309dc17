from __future__ import annotations

import math

import numpy as np
import pytest

from kgtransfer.images.cells import colour
from kgtransfer.images.cells.segmentation import SegmentedCell

ROWS, COLUMNS = np.ogrid[:60, :60]
PICTURE = np.zeros((60, 60, 3), dtype=np.uint8)
DISTANCE = np.hypot(ROWS - 30, COLUMNS - 30)
NUCLEUS = (0.4, 0.8, 0.2)


def _cell(cytoplasm: tuple[float, float, float]) -> SegmentedCell:
    """Red, green and blue absorbance of the cytoplasm around a nucleus of (0.4, 0.8, 0.2)."""
    cell, nucleus = DISTANCE < 25, DISTANCE < 12
    density = np.zeros((3, 60, 60))
    density[:, cell] = np.array(cytoplasm)[:, None]
    density[:, nucleus] = np.array(NUCLEUS)[:, None]
    return SegmentedCell(PICTURE, density, cell, nucleus)


VIOLET = _cell((0.1, 0.2, 0.05))
BLUE = _cell((0.3, 0.3, 0.05))
EOSIN = _cell((0.05, 0.4, 0.16))
EMPTY = SegmentedCell(PICTURE, VIOLET.density, np.zeros((60, 60), bool), np.zeros((60, 60), bool))


def test_chromatin_density_is_the_nucleus_mean() -> None:
    assert colour.chromatin_density(VIOLET) == pytest.approx(1.4 / 3)


def test_cytoplasm_density_is_relative_to_the_nucleus() -> None:
    assert colour.cytoplasm_density(VIOLET) == pytest.approx(0.25)


def test_blueness_is_one_for_the_nucleus_colour() -> None:
    assert colour.cytoplasm_blueness(VIOLET) == pytest.approx(1)
    assert colour.cytoplasm_blueness(BLUE) == pytest.approx(2)
    assert colour.cytoplasm_blueness(EOSIN) == pytest.approx(0.25)


def test_eosin_is_what_the_nucleus_dye_does_not_explain() -> None:
    assert colour.eosin_excess(VIOLET) == pytest.approx(0, abs=1e-6)
    assert colour.eosin_excess(BLUE) == pytest.approx(-(0.3 + 0.1) / 0.8)
    assert colour.eosin_excess(EOSIN) == pytest.approx((0.3 + 0.135) / 0.8)


def test_eosinophilia_is_no_more_than_the_green_that_is_there() -> None:
    assert colour.eosinophilia(VIOLET) == pytest.approx(0, abs=1e-6)
    assert colour.eosinophilia(EOSIN) == pytest.approx(0.5)
    assert colour.eosinophilia(_cell((0.05, 0.4, 0.065))) == pytest.approx(3 * 0.04 / 0.8)


def test_all_but_the_nucleus_density_is_free_of_how_deeply_a_lab_stains() -> None:
    deeper = SegmentedCell(PICTURE, 2 * EOSIN.density, EOSIN.cell, EOSIN.nucleus)
    for measure in (
        colour.basophilia,
        colour.nucleus_border_contrast,
        colour.cytoplasm_blueness,
        colour.eosin_excess,
        colour.eosinophilia,
    ):
        assert measure(deeper) == pytest.approx(measure(EOSIN), rel=1e-5)


def test_basophilia_is_the_dye_that_eosin_does_not_account_for() -> None:
    assert colour.basophilia(VIOLET) == pytest.approx(0.25, abs=0.01)
    assert colour.basophilia(BLUE) == pytest.approx(0.75, abs=0.01)
    assert colour.basophilia(EOSIN) == pytest.approx(0.125, abs=0.01)


def test_a_cell_that_is_as_dark_as_its_nucleus_has_no_border_within() -> None:
    disc = _cell(NUCLEUS)
    assert colour.basophilia(disc) == pytest.approx(1, abs=1e-4)
    assert colour.nucleus_border_contrast(disc) == pytest.approx(0, abs=1e-4)
    # A fall from .4 + .8 to .1 + .2 is .75 of the nucleus; three pixels either side blur it.
    assert 0.4 < colour.nucleus_border_contrast(VIOLET) < 0.75


def test_a_nucleus_without_cytoplasm_beside_it_has_no_border_contrast() -> None:
    full = SegmentedCell(PICTURE, VIOLET.density, DISTANCE < 12, DISTANCE < 12)
    assert math.isnan(colour.nucleus_border_contrast(full))
    assert not math.isnan(colour.basophilia(full))


def test_no_cell_has_no_colour() -> None:
    for name in colour.__all__:
        assert math.isnan(getattr(colour, name)(EMPTY)), name
