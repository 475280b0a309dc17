from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kgtransfer.images.measures import measurer
from kgtransfer.images.measures.measurer import GenericMeasurer
from kgtransfer.images.measures.table import IMG, MEASURES


def test_columns_are_the_measures(letters: dict[str, np.ndarray]) -> None:
    measurer = GenericMeasurer()
    values = measurer.measure([letters["O"], letters["B"]])
    assert measurer.measures == tuple(MEASURES)
    assert values.shape == (2, len(MEASURES))
    assert values[:, measurer.measures.index(IMG + "holeCount")].tolist() == [1, 2]


def test_measures_are_kept_by_image_and_code(
    letters: dict[str, np.ndarray], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "measures.jsonl"
    taken = GenericMeasurer(file).measure([letters["T"], letters["X"]])
    again = GenericMeasurer(file).measure([letters["X"], letters["T"]])
    assert np.array_equal(again[::-1], taken, equal_nan=True)
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2
    monkeypatch.setattr(measurer, "CODE", b"other code")
    GenericMeasurer(file).measure([letters["X"]])
    assert len(file.read_text(encoding="utf-8").splitlines()) == 3
