"""Data sets made ready for the arms."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from PIL import Image

from kgtransfer.classification.samples import DomainStatistics, few_labels
from kgtransfer.errors import DataError
from kgtransfer.grounding.thresholds import PercentileRange
from kgtransfer.images.data.folder import Images, read_images
from kgtransfer.images.measured_data import readable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    for name in ("a", "b", "c"):
        pixels = random.integers(0, 255, (20, 20, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{name}.png")
    (tmp_path / "b.png").write_bytes(b"no image")
    with (tmp_path / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [("image", "label"), ("a.png", "x"), ("b.png", "y"), ("c.png", "y")]
        )
    return tmp_path


def test_one_bad_image_is_left_out_and_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images, pictures = readable(read_images(folder))
    assert images.names == ("a.png", "c.png")
    assert images.labels == ("x", "y")
    assert len(pictures) == 2
    assert "1 of 3 images are left out" in capsys.readouterr().err


def test_a_data_set_without_a_readable_image_is_an_error(folder: Path) -> None:
    for name in ("a", "c"):
        (folder / f"{name}.png").write_bytes(b"")
    with pytest.raises(DataError, match=r"a\.png"):
        readable(read_images(folder))


class _Few:
    targets = np.array([0] * 6 + [1] * 3 + [2] * 8)
    images = Images(Path(), (), (), {})


def test_a_draw_is_balanced_and_takes_all_where_there_are_fewer() -> None:
    rows = few_labels(_Few, 4, seed=0)  # type: ignore[arg-type]
    assert np.bincount(_Few.targets[rows]).tolist() == [4, 3, 4]
    assert len(set(rows)) == 11
    assert rows == few_labels(_Few, 4, seed=0)  # type: ignore[arg-type]
    assert rows != few_labels(_Few, 4, seed=1)  # type: ignore[arg-type]
    assert few_labels(_Few, 0, seed=0) == []  # type: ignore[arg-type]


class _Ungrounded:
    ranges: ClassVar[dict[str, PercentileRange]] = {}

    def fitted_to(self, values: np.ndarray) -> _Ungrounded:
        return self


def test_a_measure_that_no_image_has_is_zero_and_no_outlier_rules() -> None:
    values = np.array([[1.0, np.nan, 5.0], [3.0, np.nan, np.nan], [5.0, np.nan, 5.0]])
    grounder: Any = _Ungrounded()
    scores = DomainStatistics.of(values, grounder).numbers(values)
    root = np.sqrt(1.5)
    np.testing.assert_allclose(scores, [[-root, 0, 0], [0, 0, 0], [root, 0, 0]], atol=1e-9)
    outlier = np.array([[0.0]] * 99 + [[1e6]])
    assert DomainStatistics.of(outlier, grounder).numbers(outlier).max() == 4.0
