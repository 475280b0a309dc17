from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import ndimage

from kgtransfer.images.cells.segmentation import segment
from kgtransfer.images.cells.shape import cell_diameter

RED_CELLS = ((72, 118, 14), (30, 30, 14), (120, 40, 14), (20, 110, 14), (130, 110, 14))


def test_a_cell_among_red_cells(draw: Callable, overlap: Callable) -> None:
    drawn = draw([(72, 72, 18)], red_cells=RED_CELLS)
    found = segment(drawn.image)
    assert overlap(found.cell, drawn.cell) > 0.93
    assert overlap(found.nucleus, drawn.nucleus) > 0.9


def test_a_red_cell_that_touches_stays_outside(draw: Callable, overlap: Callable) -> None:
    drawn = draw([(72, 66, 18)], red_cells=((72, 114, 14), *RED_CELLS[1:]))
    assert overlap(segment(drawn.image).cell, drawn.cell) > 0.93


def test_lobes_are_all_nucleus(draw: Callable, overlap: Callable) -> None:
    drawn = draw([(60, 60, 10), (84, 66, 10), (70, 88, 9)])
    assert overlap(segment(drawn.image).nucleus, drawn.nucleus) > 0.85


def test_a_yellow_lamp_and_a_dim_one_change_little(draw: Callable, overlap: Callable) -> None:
    plain = segment(draw([(72, 72, 18)], red_cells=RED_CELLS).image)
    for lamp in ((1, 0.95, 0.6), (0.7, 0.7, 0.75)):
        other = segment(draw([(72, 72, 18)], red_cells=RED_CELLS, lamp=lamp).image)
        assert overlap(other.cell, plain.cell) > 0.95
        assert overlap(other.nucleus, plain.nucleus) > 0.9


def test_a_large_image_is_segmented_at_a_fraction_of_its_size(draw: Callable) -> None:
    drawn = draw([(72, 72, 18)], red_cells=RED_CELLS)
    found = segment(drawn.image.repeat(3, axis=0).repeat(3, axis=1))
    assert (found.step, found.cell.shape) == (3, (144, 144))
    assert found.cell.sum() == segment(drawn.image).cell.sum()
    assert cell_diameter(found) == pytest.approx(180, abs=5)


def test_an_empty_image_has_no_cell() -> None:
    found = segment(np.full((60, 60, 3), 230, dtype=np.uint8))
    assert not found.cell.any()
    assert not found.nucleus.any()


@pytest.mark.parametrize(
    "image", [np.zeros((40, 40), np.uint8), np.zeros((40, 40, 3)), np.zeros((8, 40, 3), np.uint8)]
)
def test_what_is_no_rgb_image_is_refused(image: np.ndarray) -> None:
    with pytest.raises(ValueError, match="wanted"):
        segment(image)


def test_masks_of_another_lab_agree_with_a_persons(
    real: Callable, labelled: Callable, overlap: Callable
) -> None:
    shares = []
    for row in labelled("wbc_jtsc")[::10]:
        mask, found = real("wbc_jtsc", row["mask"]), segment(real("wbc_jtsc", row["image"]))
        shares.append((overlap(found.nucleus, mask == 2), overlap(found.cell, mask > 0)))
    nucleus, cell = np.median(shares, axis=0)
    assert nucleus > 0.85
    assert cell > 0.9


def test_basophils_are_no_bare_nuclei(real: Callable, labelled: Callable) -> None:
    rows = [r for r in labelled("wbc_pbc") if (r["label"], r["split"]) == ("basophil", "train")]
    found = [segment(real("wbc_pbc", row["image"])) for row in rows[::40]]
    share = [one.nucleus.sum() / one.cell.sum() for one in found]
    assert 0.35 < np.median(share) < 0.7
    assert max(share) < 0.9


def test_no_image_however_odd_ends_in_an_error() -> None:
    rng = np.random.default_rng(0)
    for shape in ((16, 16), (16, 40), (40, 16), (17, 31), (150, 20)):
        for colours in (2, 3, 4, 200):
            palette = rng.integers(0, 256, (colours, 3), dtype=np.uint8)
            blocks = rng.integers(0, colours, (shape[0] // 5 + 1, shape[1] // 5 + 1))
            large = blocks.repeat(5, axis=0).repeat(5, axis=1)[: shape[0], : shape[1]]
            for picture in (palette[large], palette[rng.integers(0, colours, shape)]):
                cell = segment(picture)
                assert cell.cell.shape == shape
                assert not (cell.nucleus & ~ndimage.binary_dilation(cell.cell)).any()


def test_a_turned_image_has_the_turned_cell(draw: Callable, overlap: Callable) -> None:
    image = draw([(60, 66, 12), (84, 70, 12)], red_cells=RED_CELLS).image
    turned = segment(np.rot90(image))
    assert overlap(np.rot90(segment(image).cell), turned.cell) > 0.95
