from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kgtransfer.images.scenes.measurer import SceneMeasurer
from kgtransfer.images.scenes.scene import Scene

LC = "https://w3id.org/kgtransfer/land-cover#"


def test_columns_are_the_measures(grass: Scene, lake: Scene) -> None:
    measurer = SceneMeasurer()
    values = measurer.measure([grass.image, lake.image])
    water = values[:, measurer.measures.index(LC + "waterShare")]
    assert values.shape == (2, 20)
    assert water == pytest.approx([0, 0.5], abs=0.05)


def test_measures_are_kept_by_image_and_code(
    grass: Scene, lake: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "scenes.jsonl"
    taken = SceneMeasurer(file).measure([grass.image, lake.image])
    again = SceneMeasurer(str(file)).measure([lake.image, grass.image])
    assert np.array_equal(again[::-1], taken, equal_nan=True)
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2
    monkeypatch.setattr("kgtransfer.images.scenes.measurer.CODE", b"other code")
    SceneMeasurer(file).measure([lake.image])
    assert len(file.read_text(encoding="utf-8").splitlines()) == 3


@pytest.mark.parametrize("value", [0, 128, 255])
def test_an_even_image_has_measures_and_ends_nothing(value: int) -> None:
    values = SceneMeasurer().measure([np.full((40, 30, 3), value, dtype=np.uint8)])
    assert np.isnan(values).sum() <= 4
