"""Copies and groups on both sides of a split: refused, left out, allowed; told with their names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kgtransfer.errors import ConfigError, DataError
from kgtransfer.images.image_data import ImageData, read_images
from kgtransfer.images.leakage import separated

SPLITS = ("train",) * 6 + ("test",) * 4


def _picture(seed: int) -> Image.Image:
    blots = np.random.default_rng(seed).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    return Image.fromarray(blots).resize((64, 64), Image.Resampling.BICUBIC)


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Name -> a folder of ten cats and ten dogs, all different, with splits and other columns."""

    def write(name: str, first: int = 0, **columns: list[str]) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        header = ["image", "label", *columns]
        lines = []
        for row in range(20):
            _picture(100 * first + row).save(folder / f"{row:02}.png")
            cells = [f"{row:02}.png", "cat" if row < 10 else "dog"]
            lines.append(cells + [values[row] for values in columns.values()])
        text = "\n".join(",".join(line) for line in [header, *lines])
        (folder / "labels.csv").write_text(text + "\n", encoding="utf-8")
        return folder

    return write


def _read(folder: Path, **settings: Any) -> ImageData:
    return separated(read_images(folder, size=32, **settings))


def _copy(source: Path, target: Path) -> None:
    Image.open(source).save(target, format="BMP")


def test_a_copy_of_a_training_image_in_the_test_is_refused(table: Callable[..., Path]) -> None:
    pets = table("pets", split=[*SPLITS, *SPLITS])
    _copy(pets / "02.png", pets / "08.png")
    message = (
        r"pets: 1 image of source with the very pixels of images of train "
        r"\(pets/08.png = pets/02.png\)\n.*leakage = "
    )
    with pytest.raises(DataError, match=message):
        _read(pets)


def test_it_is_left_out_of_the_test_where_settings_say_so(
    table: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    pets = table("pets", split=[*SPLITS, *SPLITS])
    _copy(pets / "02.png", pets / "08.png")
    data = _read(pets, leakage="drop")
    assert data.tests["source"].names == (
        "06.png", "07.png", "09.png", "16.png", "17.png", "18.png", "19.png"
    )  # fmt: skip
    assert len(data.train) == 12
    assert "copies and groups are left out" in capsys.readouterr().err
    assert data.overlap == {
        "sets": {
            "train": {"images": 12, "groups": 12, "copies": 0, "near_copies": 0},
            "source": {"images": 7, "groups": 7, "copies": 0, "near_copies": 0},
        },
        "across": 1,
        "left_out": 1,
        "listed": [
            {"kind": "copy", "image": "pets/08.png", "set": "source",
             "other": "pets/02.png", "other_set": "train"}
        ],
        "leakage": "drop",
        "group": "",
    }  # fmt: skip


def test_it_is_told_where_it_is_allowed(
    table: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    pets = table("pets", split=[*SPLITS, *SPLITS])
    _copy(pets / "02.png", pets / "08.png")
    data = _read(pets, leakage="allow")
    assert len(data.tests["source"]) == 8
    assert "warning: " in capsys.readouterr().err
    with pytest.raises(ConfigError, match="no leakage 'maybe'"):
        read_images(pets, leakage="maybe")


def test_a_copy_in_another_data_set_is_refused_and_one_between_tests_is_not(
    table: Callable[..., Path],
) -> None:
    pets = table("pets", split=[*SPLITS, *SPLITS])
    clinic = table("clinic", 1)
    _copy(pets / "09.png", clinic / "00.png")
    assert len(_read(pets, test=[clinic]).tests["clinic"]) == 20
    _copy(pets / "01.png", clinic / "00.png")
    with pytest.raises(DataError, match=r"1 image of clinic .*clinic/00.png = pets/01.png"):
        _read(pets, test=[clinic])
    assert len(_read(pets, test={"again": pets}, leakage="drop").tests["again"]) == 8


def test_near_copies_across_are_a_warning(
    table: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    pets = table("pets", split=[*SPLITS, *SPLITS])
    _picture(2).transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(pets / "08.png")
    data = _read(pets)
    told = capsys.readouterr().err
    assert (
        "1 image of source with nearly the pixels of images of train (pets/08.png = pets/02.png)"
        in told
    )
    assert (len(data.train), len(data.tests["source"])) == (12, 8)
    assert [pair["kind"] for pair in data.overlap["listed"]] == ["near copy"]


def test_copies_within_a_part_are_one_group(table: Callable[..., Path]) -> None:
    pets = table("pets", split=[*SPLITS, *SPLITS])
    _copy(pets / "02.png", pets / "04.png")
    data = _read(pets)
    groups = data.train.columns["group"]
    assert groups[2] == groups[4]
    assert len(set(groups)) == 11
    assert "group" not in data.tests["source"].columns
    assert data.overlap["sets"]["train"] == {
        "images": 12, "groups": 11, "copies": 1, "near_copies": 0
    }  # fmt: skip


def test_a_split_that_is_drawn_keeps_copies_and_groups_together(
    table: Callable[..., Path],
) -> None:
    slides = ["abcde"[row % 5] for row in range(20)]
    pets = table("pets", slide=slides)
    for row in range(5):
        _copy(pets / "13.png", pets / f"1{4 + row}.png")
    plain = read_images(pets, size=32)
    assert {"13.png", "14.png", "15.png"} & {*plain.train.names}
    copies = {"13.png", *(f"1{4 + row}.png" for row in range(5))}
    data = separated(plain)
    sides = [copies & {*images.names} for images in (data.train, data.tests["source"])]
    assert sorted(map(len, sides)) == [0, 6]
    grouped = read_images(pets, size=32, group="slide")
    sides = [{*images.columns["group"]} for images in (grouped.train, grouped.tests["source"])]
    assert not sides[0] & sides[1]
    assert sides[0] | sides[1] <= {*"abcde"}


def test_a_group_on_both_sides_of_a_split_is_refused(table: Callable[..., Path]) -> None:
    slides = [f"s{row}" for row in range(20)]
    slides[3] = slides[9] = "both"
    pets = table("pets", split=[*SPLITS, *SPLITS], slide=slides)
    assert len(_read(pets).train) == 12
    with pytest.raises(
        DataError,
        match=r"1 image of source with the group of images of train \(pets/09.png = pets/03.png\)",
    ):
        _read(pets, group="slide")
    assert "09.png" not in _read(pets, group="slide", leakage="drop").tests["source"].names


def test_a_column_of_groups_that_no_table_has_is_refused(table: Callable[..., Path]) -> None:
    pets = table("pets", slide=["s"] * 20)
    with pytest.raises(DataError, match=r"no column 'patient'[\s\S]*names one of: slide"):
        read_images(pets, group="patient")
    clinic = table("clinic", 1, patient=["p", "q"] * 10)
    data = _read(pets, test=[clinic], group="patient")
    assert data.overlap["sets"]["clinic"]["groups"] == 2


def test_groups_of_other_tables_are_other_groups(table: Callable[..., Path]) -> None:
    pets, clinic = table("pets", group=["1", "2"] * 10), table("clinic", 1, group=["1", "2"] * 10)
    assert len(_read(pets, test=[clinic]).tests["clinic"]) == 20


@pytest.mark.parametrize(("labels", "other"), [("one", "dog"), ("several", "dog"), ("number", "8")])
def test_copies_with_two_labels_are_refused_with_both_lines(
    table: Callable[..., Path], labels: str, other: str
) -> None:
    pets = table("pets")
    own = "3.5" if labels == "number" else "cat"
    text = "\n".join(f"{row:02}.png,{other if row % 2 else own}" for row in range(20))
    (pets / "labels.csv").write_text(f"image,label\n{text}\n")
    _copy(pets / "02.png", pets / "05.png")
    message = (
        rf"labels.csv:4: 02.png is '{own}', and .*labels.csv:7: 05.png has the very same pixels "
        f"and is '{other}'"
    )
    with pytest.raises(DataError, match=message):
        _read(pets, labels=labels, leakage="allow")


def test_labels_written_otherwise_are_the_same(table: Callable[..., Path]) -> None:
    pets = table("pets")
    labels = ["a|b" if row % 2 else "b|a" if row == 2 else "a" for row in range(20)]
    text = "\n".join(f"{row:02}.png,{label}" for row, label in enumerate(labels))
    (pets / "labels.csv").write_text(f"image,label\n{text}\n")
    _copy(pets / "01.png", pets / "02.png")
    assert _read(pets, labels="several").overlap["across"] == 0


def test_what_is_found_is_kept_by_content(table: Callable[..., Path], tmp_path: Path) -> None:
    pets = table("pets")
    _picture(2).transpose(Image.Transpose.ROTATE_90).save(pets / "03.png")
    first = _read(pets, cache=tmp_path / "cache")
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "cache").iterdir()}
    again = _read(pets, cache=tmp_path / "cache")
    assert again.overlap == first.overlap
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "cache").iterdir()} == kept
    assert sum(found["near_copies"] for found in again.overlap["sets"].values()) == 1
