"""Rows that belong together, and what tables say twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import DataError
from kgtransfer.nodes.data.reading import read_nodes

SCANS = """\
label,size,note,group
ill,1.5,a dark spot there,anna
well,2.5,no spot at all,ben
ill,3.5,a large dark spot,anna
well,4.5,nothing to be seen,
ill,5.5,one or two spots,
"""


def scans(tmp_path: Path, text: str = SCANS) -> Path:
    path = tmp_path / "scans.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_column_group_says_what_belongs_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = read_nodes(scans(tmp_path), text=["note"])
    first, second, third, *alone = rows.sample_groups
    assert first == third
    assert len({first, second, *alone}) == 4  # an empty cell is a group of its own
    assert "group: group" in capsys.readouterr().err
    assert "size" in rows.attribute_names
    assert not [name for name in rows.attribute_names if "anna" in name]
    other = read_nodes(scans(tmp_path), text=["note"], group="size")
    assert other.sample_groups == ()  # each row stands by itself
    assert other.hash != rows.hash


def test_group_is_a_feature_or_the_label_where_it_is_named_so(tmp_path: Path) -> None:
    table = {"label": [*"abab"], "x": [1, 2, 3, 5], "group": [*"uuvv"]}
    named = read_nodes(table, categories=["group"])
    assert (named.sample_groups, "group: u" in named.attribute_names) == ((), True)
    assert read_nodes(table, label="group").classes == ("u", "v")
    with pytest.raises(DataError, match=r"no column 'patient' \(group\)"):
        read_nodes(table, group="patient")
    with pytest.raises(DataError, match="column 'x' is the group and a feature"):
        read_nodes(table, group="x", features=["x"])


def test_equal_rows_under_two_labels_are_told_with_their_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "label,size,colour\na,1.5,red\nb,2.5,red\nb,1.50,red\na,1.5,red\n,2.5,red\nb,2.5,blue\n"
    read_nodes(scans(tmp_path, lines))
    told = capsys.readouterr().err
    assert "scans.csv: lines 4 and 2 (b, a): equal in all that is read, under two labels" in told
    assert told.count("warning") == 1


def test_equal_rows_and_groups_on_both_sides_of_a_tables_own_split_are_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = {
        "label": [*"abababab"], "x": [1, 2, 3, 4, 1, 2, 7, 8],
        "split": ["train"] * 4 + ["test"] * 4, "group": [*"stuvwxyz"],
    }  # fmt: skip
    read_nodes(table)
    told = capsys.readouterr().err
    assert "lines 5 and 1, 6 and 2: equal in all that is read, on both sides of the split" in told
    assert "of one group" not in told
    read_nodes({**table, "x": range(0, 80, 10), "group": [*"stuvwsst"]}, features=["x"])
    told = capsys.readouterr().err
    assert "lines 6 and 1, 7 and 1, 8 and 2: of one group, on both sides of the split" in told
    assert "equal" not in told


def test_more_pairs_than_a_handful_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    parts = ["train", "train", *["test"] * 12]
    read_nodes({"label": [*"ab"] * 7, "x": [1, 2] * 7, "split": parts}, features=["x"])
    told = capsys.readouterr().err
    assert "lines 3 and 1, 4 and 2, 5 and 1, 6 and 2, 7 and 1 and 7 more pairs: equal" in told
