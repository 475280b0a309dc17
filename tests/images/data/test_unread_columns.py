from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.images.data.folder import Images
from kgtransfer.images.data.unread_columns import meant, tell_of_unread_columns


def _images(folder: str, *columns: str) -> Images:
    return Images(Path(folder), ("a.png",), ("cat",), dict.fromkeys(columns, ("x",)))


def test_columns_that_nothing_reads_are_named_once(capsys: pytest.CaptureFixture[str]) -> None:
    images = _images("named once", "split", "id", "xmin")
    tell_of_unread_columns(images, {"split"})
    told = "named once/labels.csv: columns that nothing reads: id, xmin\n"
    assert capsys.readouterr().err == told
    tell_of_unread_columns(images, {"split"})
    assert capsys.readouterr().err == ""


def test_nothing_is_said_where_all_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    tell_of_unread_columns(_images("all read", "split"), {"split", "group"})
    assert capsys.readouterr().err == ""


def test_slips_and_columns_of_slides_are_pointed_out(capsys: pytest.CaptureFixture[str]) -> None:
    tell_of_unread_columns(_images("slips", "Split", "slide"), {"split", "group"})
    told = capsys.readouterr().err
    assert "is 'Split' meant to be 'split'?" in told
    assert "slide" in told
    tell_of_unread_columns(_images("slides", "Slide"), {"split"})
    assert '[data] group = "Slide" keeps together what is of one Slide' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "known"),
    [("Split", "split"), ("lable", "label"), ("groups", "group"), ("xmin", ""), ("split", "")],
)
def test_what_a_name_is_a_slip_of(name: str, known: str) -> None:
    assert meant(name) == known
