from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kgtransfer.images.cells.measurer import CellMeasurer

WBC = "https://w3id.org/kgtransfer/wbc#"


@pytest.fixture
def images(draw: Callable) -> list[np.ndarray]:
    return [draw([(72, 72, 18)]).image, draw([(60, 66, 10), (84, 66, 10), (70, 90, 9)]).image]


def test_columns_are_the_measures(images: list[np.ndarray]) -> None:
    measurer = CellMeasurer()
    values = measurer.measure(images)
    of = {iri.removeprefix(WBC): values[:, c] for c, iri in enumerate(measurer.measures)}
    assert of["lobeCount"].tolist() == [1, 3]
    assert of["cellDiameter"] == pytest.approx([60, 60], abs=2)
    assert of["nucleusCytoplasmRatio"][0] == pytest.approx(18**2 / (30**2 - 18**2), rel=0.15)


def test_kept_measures_are_those_taken_and_are_not_taken_again(
    images: list[np.ndarray], tmp_path: Path
) -> None:
    file = tmp_path / "kept" / "cells.jsonl"
    taken = CellMeasurer(file).measure(images)
    kept = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(kept) == 2
    kept[0][1][0] = -1.0
    file.write_text("\n".join(map(json.dumps, kept)) + "\n", encoding="utf-8")
    again = CellMeasurer(file).measure([*images, images[0]])
    assert again[[0, 2], 0].tolist() == [-1, -1]
    assert np.array_equal(again[1], taken[1])


def test_a_changed_pixel_and_a_line_cut_off_are_measured(
    images: list[np.ndarray], tmp_path: Path
) -> None:
    file = tmp_path / "cells.jsonl"
    CellMeasurer(file).measure(images)
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: len(text) // 2 + 60], encoding="utf-8")
    changed = images[0].copy()
    changed[0, 0] = 0
    assert CellMeasurer(file).measure([*images, changed]).shape == (3, len(CellMeasurer().measures))


def test_other_code_takes_the_measures_again(
    images: list[np.ndarray], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "cells.jsonl"
    CellMeasurer(str(file)).measure(images)
    monkeypatch.setattr("kgtransfer.images.cells.measurer.CODE", b"other code")
    CellMeasurer(file).measure(images)
    assert len(file.read_text(encoding="utf-8").splitlines()) == 4


def test_an_empty_image_has_no_measures_and_ends_nothing(tmp_path: Path) -> None:
    blank = np.full((50, 50, 3), 240, dtype=np.uint8)
    values = CellMeasurer(tmp_path / "cells.jsonl").measure([blank])
    again = CellMeasurer(tmp_path / "cells.jsonl").measure([blank])
    diameter = CellMeasurer().measures.index(WBC + "cellDiameter")
    assert np.isnan(values[0, diameter])
    assert np.array_equal(values, again, equal_nan=True)


def test_no_images_have_no_rows() -> None:
    assert CellMeasurer().measure([]).shape == (0, len(CellMeasurer().measures))
