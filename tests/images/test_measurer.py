from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kgtransfer.images.measurer import ImageMeasurer, digest_of_code


class Means(ImageMeasurer):
    """Counts how often it measures."""

    measures = ("mean", "nothing")
    code = b"code"

    def __init__(self, cache: str | Path | None = None) -> None:
        super().__init__(cache)
        self.asked = 0

    def taken(self, image: np.ndarray) -> list[float]:
        self.asked += 1
        return [float(image.mean()), float("nan")][: len(self.measures)]


class OtherCode(Means):
    code = b"other"


class Fewer(Means):
    measures = ("mean",)


IMAGES = [np.full((4, 5, 3), value, dtype=np.uint8) for value in (1, 2, 1)]


def test_an_image_is_measured_once(tmp_path: Path) -> None:
    file = tmp_path / "kept" / "means.jsonl"
    first = Means(file)
    rows = first.measure(IMAGES)
    assert rows[:, 0].tolist() == [1, 2, 1]
    assert np.isnan(rows[:, 1]).all()
    again = Means(str(file))
    assert again.measure(IMAGES)[:, 0].tolist() == [1, 2, 1]
    assert (first.asked, again.asked) == (2, 0)


@pytest.mark.parametrize("other", [OtherCode, Fewer])
def test_other_code_and_another_number_of_measures_are_taken_anew(
    tmp_path: Path, other: type[Means]
) -> None:
    file = tmp_path / "means.jsonl"
    Means(file).measure(IMAGES)
    measurer = other(file)
    measurer.measure(IMAGES)
    assert measurer.asked == 2


def test_the_shape_is_part_of_the_content(tmp_path: Path) -> None:
    measurer = Means(tmp_path / "means.jsonl")
    measurer.measure([IMAGES[0], IMAGES[0].transpose(1, 0, 2)])
    assert measurer.asked == 2


def test_without_a_file_nothing_is_kept() -> None:
    measurer = Means()
    measurer.measure(IMAGES)
    assert measurer.measure([]).shape == (0, 2)
    assert measurer.asked == 3


def test_the_digest_is_that_of_the_modules(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("one")
    before = digest_of_code(tmp_path)
    (tmp_path / "notes.md").write_text("nothing")
    assert digest_of_code(tmp_path) == before
    (tmp_path / "a.py").write_text("two")
    assert digest_of_code(tmp_path) != before
