from __future__ import annotations

import numpy as np

from kgtransfer.images.cells.drawing import draw_cell
from kgtransfer.images.cells.segmentation import SegmentedCell
from kgtransfer.images.drawing import GroundedValue
from kgtransfer.report.style import png

ROWS, COLUMNS = np.ogrid[:60, :60]
DISTANCE = np.hypot(ROWS - 30, COLUMNS - 30)
CELL = SegmentedCell(
    np.full((60, 60, 3), 200, dtype=np.uint8),
    np.zeros((3, 60, 60), dtype=np.float32),
    DISTANCE < 20,
    DISTANCE < 10,
)


def _value(attribute: str, label: str, weight: float, value: float | None) -> GroundedValue:
    return GroundedValue(
        attribute, f"https://x.example/{label}", label, weight, "size", value, "um"
    )


GROUNDED = [
    _value("cell size", "big cell", 0.7, 13.04),
    _value("cell size", "small cell", 0.3, 13.04),
    _value("shape", "round", 0.5, None),
]


def test_a_measure_is_told_with_its_unit_or_as_unknown() -> None:
    assert [value.measured for value in GROUNDED] == ["size 13 um", "size 13 um", "size unknown"]


def test_the_picture_has_both_outlines_and_a_bar_for_each_value() -> None:
    figure = draw_cell(CELL, GROUNDED)
    picture, bars = sorted(figure.axes, key=lambda axes: axes.get_position().x0)
    assert [text.get_text() for text in picture.texts] == ["cell", "nucleus"]
    assert len(picture.collections) == 2
    written = [text.get_text() for text in bars.texts]
    assert written[:3] == ["cell size", "big cell", "size 13 um"]
    assert {0.7, 0.3, 0.5, 1} == {bar.get_width() for bar in bars.patches}
    assert png(figure).startswith(b"\x89PNG")


def test_a_cell_without_a_nucleus_has_one_outline() -> None:
    bare = SegmentedCell(CELL.image, CELL.density, CELL.cell, CELL.cell & False)
    assert min(len(axes.collections) for axes in draw_cell(bare, GROUNDED).axes) == 0
    assert max(len(axes.collections) for axes in draw_cell(bare, GROUNDED).axes) == 1
