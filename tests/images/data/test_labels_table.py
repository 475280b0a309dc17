from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import DataError
from kgtransfer.images.data.labels_table import line_of, read_labels


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "labels.csv"


def test_spaces_byte_order_marks_and_line_ends_are_no_part_of_cells(table: Path) -> None:
    table.write_bytes("\ufeffimage, label , split\r\na.png, cat , train\r\nb.png,cat,\r\n".encode())
    names, labels, columns = read_labels(table)
    assert (names, labels) == (("a.png", "b.png"), ("cat", "cat"))
    assert columns == {"split": ("train", "")}


@pytest.mark.parametrize("again", ["a/1.png,dog", "a/1.png,cat", "./a//1.png,dog"])
def test_an_image_that_is_named_twice_is_refused_with_both_lines(table: Path, again: str) -> None:
    table.write_text(f"image,label\na/1.png,cat\nb.png,dog\n{again}\n")
    with pytest.raises(DataError, match=r"labels.csv:4: .*a/+1.png stands in line 2 too\n.*once"):
        read_labels(table)


def test_a_column_that_is_named_twice_is_refused(table: Path) -> None:
    table.write_text("image,label, label\na.png,cat,dog\n")
    with pytest.raises(DataError, match=r"labels.csv:1: two columns are called 'label'"):
        read_labels(table)


def test_a_label_of_spaces_is_none(table: Path) -> None:
    table.write_text("image,label\na.png, \n")
    with pytest.raises(DataError, match=r"labels.csv:2: no label"):
        read_labels(table)


def test_a_slip_in_the_name_of_a_column_is_pointed_out(table: Path) -> None:
    table.write_text("image,lable,Site\na.png,cat,x\n")
    with pytest.raises(
        DataError, match=r"no column label\n.*is 'lable' meant to be one of them\?$"
    ):
        read_labels(table)


def test_the_line_of_an_image_counts_empty_lines_and_the_first(table: Path) -> None:
    table.write_text("image, label\na.png,cat\n\n b.png ,dog\n")
    assert [line_of(table, name) for name in ("a.png", "b.png", "c.png")] == [2, 4, 0]
