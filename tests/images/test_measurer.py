from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kgtransfer.errors import ConfigError
from kgtransfer.images.drawing import GroundedValue
from kgtransfer.images.measurer import ImageMeasurer, digest_of_code


class Counted:
    """Counts how often it measures."""

    def __init__(
        self, cache: str | Path | None = None, code: bytes = b"code", measures: int = 2
    ) -> None:
        self.asked = 0
        functions = {"mean": self._mean, "nothing": lambda _: float("nan")}
        some = dict(list(functions.items())[:measures])
        self.measurer = ImageMeasurer(some, cache, code=code)
        self.measure = self.measurer.measure

    def _mean(self, image: np.ndarray) -> float:
        self.asked += 1
        return float(image.mean())


IMAGES = [np.full((4, 5, 3), value, dtype=np.uint8) for value in (1, 2, 1)]


def test_an_image_is_measured_once(tmp_path: Path) -> None:
    file = tmp_path / "kept" / "means.jsonl"
    first = Counted(file)
    rows = first.measure(IMAGES)
    assert rows[:, 0].tolist() == [1, 2, 1]
    assert np.isnan(rows[:, 1]).all()
    again = Counted(str(file))
    assert again.measure(IMAGES)[:, 0].tolist() == [1, 2, 1]
    assert (first.asked, again.asked) == (2, 0)


@pytest.mark.parametrize("other", [{"code": b"other"}, {"measures": 1}])
def test_other_code_and_another_number_of_measures_are_taken_anew(
    tmp_path: Path, other: dict[str, Any]
) -> None:
    file = tmp_path / "means.jsonl"
    Counted(file).measure(IMAGES)
    measurer = Counted(file, **other)
    measurer.measure(IMAGES)
    assert measurer.asked == 2


def test_the_shape_is_part_of_the_content(tmp_path: Path) -> None:
    measurer = Counted(tmp_path / "means.jsonl")
    measurer.measure([IMAGES[0], IMAGES[0].transpose(1, 0, 2)])
    assert measurer.asked == 2


def test_without_a_file_nothing_is_kept() -> None:
    measurer = Counted()
    measurer.measure(IMAGES)
    assert measurer.measure([]).shape == (0, 2)
    assert measurer.asked == 3


def test_the_digest_is_that_of_the_modules(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("one")
    before = digest_of_code(tmp_path)
    (tmp_path / "notes.md").write_text("nothing")
    (tmp_path / "drawing.py").write_text("a picture changes no measure")
    assert digest_of_code(tmp_path) == before
    (tmp_path / "a.py").write_text("two")
    assert digest_of_code(tmp_path) != before


def test_functions_read_what_is_prepared_once_an_image() -> None:
    prepared: list[int] = []

    def brightness(image: np.ndarray) -> int:
        prepared.append(int(image.max()))
        return prepared[-1]

    functions = {"brightness": float, "twice": lambda value: 2 * value}
    measurer = ImageMeasurer(functions, prepare=brightness)
    assert measurer.measures == ("brightness", "twice")
    assert measurer.measure(IMAGES).tolist() == [[1, 2], [2, 4], [1, 2]]
    assert prepared == [1, 2, 1]


def test_by_default_nothing_is_found_and_the_bare_image_is_drawn() -> None:
    measurer = ImageMeasurer({"mean": np.mean})
    assert measurer.areas(IMAGES[0]) == {}
    values = [GroundedValue("colour", "e:Grey", "grey", 0.9, "mean", 1.0, "1")]
    bars, picture = measurer.draw(IMAGES[0], values).axes
    assert [text.get_text() for text in bars.texts] == ["colour", "grey", "mean 1"]
    assert picture.get_images()[0].get_array().shape == (4, 5, 3)


def test_the_digest_of_code_is_also_of_the_further_files_that_it_calls(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.py").write_text("A = 1\n", encoding="utf-8")
    called = tmp_path / "lines.py"
    called.write_text("B = 1\n", encoding="utf-8")
    before = digest_of_code(tmp_path / "own", called)
    called.write_text("B = 2\n", encoding="utf-8")
    assert digest_of_code(tmp_path / "own", called) != before


def test_nothing_is_kept_that_an_edit_could_make_stale(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="an edit of their functions could not be told"):
        Counted(tmp_path / "means.jsonl", code=b"")
