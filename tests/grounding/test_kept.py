from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kgtransfer.grounding.kept import KeptMeasures, digest_of_code


class Mean:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, image: np.ndarray) -> list[float]:
        self.asked += 1
        return [float(image.mean()), float("nan")]


IMAGES = [np.full((4, 5, 3), value, dtype=np.uint8) for value in (1, 2, 1)]


def test_an_image_is_measured_once(tmp_path: Path) -> None:
    take, file = Mean(), tmp_path / "kept" / "means.jsonl"
    rows = KeptMeasures(file, take, 2, b"code").rows(IMAGES)
    assert rows[:, 0].tolist() == [1, 2, 1]
    assert np.isnan(rows[:, 1]).all()
    assert take.asked == 2
    KeptMeasures(file, take, 2, b"code").rows(IMAGES)
    assert take.asked == 2


@pytest.mark.parametrize(("code", "width"), [(b"other", 2), (b"code", 1)])
def test_other_code_and_another_number_of_measures_are_taken_anew(
    tmp_path: Path, code: bytes, width: int
) -> None:
    file = tmp_path / "means.jsonl"
    KeptMeasures(file, Mean(), 2, b"code").rows(IMAGES)
    take = Mean()
    KeptMeasures(file, lambda image: take(image)[:width], width, code).rows(IMAGES)
    assert take.asked == 2


def test_the_shape_is_part_of_the_content(tmp_path: Path) -> None:
    take = Mean()
    turned = IMAGES[0].transpose(1, 0, 2)
    KeptMeasures(tmp_path / "means.jsonl", take, 2, b"").rows([IMAGES[0], turned])
    assert take.asked == 2


def test_without_a_file_nothing_is_kept() -> None:
    take = Mean()
    kept = KeptMeasures(None, take, 2, b"")
    kept.rows(IMAGES)
    assert kept.rows([]).shape == (0, 2)
    assert take.asked == 3


def test_the_digest_is_that_of_the_modules(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("one")
    before = digest_of_code(tmp_path)
    (tmp_path / "notes.md").write_text("nothing")
    assert digest_of_code(tmp_path) == before
    (tmp_path / "a.py").write_text("two")
    assert digest_of_code(tmp_path) != before
