"""Tables of rows, and what is wrong with them, with file, line and cure."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.errors import DataError
from kgtransfer.utils.tables import read_table, table_of


def written(folder: Path, content: str, name: str = "rows.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_columns_lines_and_gaps(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, 'a,b\n1, two\n\n"x\ny",\n3,z\n'))
    assert dict(table.columns) == {"a": ("1", "x\ny", "3"), "b": ("two", "", "z")}
    assert table.lines == (2, 4, 6)
    assert table.place(2) == f"{tmp_path / 'rows.csv'}:6"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    table = read_table(written(tmp_path, f"a{separator}b\n1{separator}2\n"))
    assert (dict(table.columns), table.separator) == ({"a": ("1",), "b": ("2",)}, separator)


def test_the_same_rows_of_every_kind(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    import pyarrow as pa

    pq.write_table(pa.table({"a": [1, None], "b": ["x", "y"]}), tmp_path / "rows.parquet")
    (tmp_path / "rows.tsv.gz").write_bytes(gzip.compress(b"a\tb\n1\tx\n\ty\n", mtime=0))
    written(tmp_path, '{"a": 1, "b": "x"}\n{"b": "y"}\n', "rows.jsonl")
    names = ("rows.parquet", "rows.tsv.gz", "rows.jsonl")
    tables = [dict(read_table(tmp_path / name).columns) for name in names]
    assert tables == [{"a": ("1", ""), "b": ("x", "y")}] * 3


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"])),
                 min_size=2, max_size=2),
        min_size=1,
    )
)  # fmt: skip
def test_what_csv_writes_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: list) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *rows])
    table = read_table(written(tmp_path_factory.mktemp("csv"), text.getvalue()))
    assert [list(row) for row in zip(*table.columns.values(), strict=True)] == rows


WRONG = {
    "rows.csv:3: 3 values for 2 columns": "a,b\n1,2\n1,2,3\n",
    "rows.csv:3: 1 values for 2 columns": "a;b\n1;2\n1\n",
    "rows.csv:1: two columns are called 'a'": "a,a\n1,2\n",
    "rows.csv:1: column 2 has no name": "a,\n1,2\n",
    "rows.csv:1: the first line holds numbers alone": "5.1,3.5\n4.9,3.0\n",
    "rows.csv: has no row": "a,b\n",
    "rows.csv: is empty": "",
    "rows.csv:2: unexpected end": 'a,b\n"1,2\n3,4\n',
}


@pytest.mark.parametrize("message", WRONG)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, message: str) -> None:
    with pytest.raises(DataError) as told:
        read_table(written(tmp_path, WRONG[message]))
    assert message in str(told.value)
    assert told.value.cure


def test_other_files_are_refused_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes(b"a,b\n1,2\n\xe9,2\n")
    with pytest.raises(DataError, match=r"latin\.csv:3: no UTF-8"):
        read_table(tmp_path / "latin.csv")
    with pytest.raises(DataError, match=r"rows\.jsonl:2: no object of plain values"):
        read_table(written(tmp_path, '{"a": 1}\n{"a": [1]}\n', "rows.jsonl"))
    with pytest.raises(DataError, match=r"deep\.jsonl:1: nested deeper"):
        read_table(written(tmp_path, "[" * 100_000, "deep.jsonl"))
    (tmp_path / "rows.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match="no parquet table"):
        read_table(tmp_path / "rows.parquet")


def test_columns_in_memory() -> None:
    table = table_of({"a": np.array([1.5, np.nan]), "b": ["x", None]})
    assert dict(table.columns) == {"a": ("1.5", ""), "b": ("x", "")}
    with pytest.raises(DataError, match="columns of different lengths: a 1, b 2"):
        table_of({"a": [1], "b": [1, 2]})


def test_a_missing_column_is_named_with_those_that_are_there() -> None:
    with pytest.raises(DataError, match=r"no column 'c' \(label\); columns are: a, b"):
        table_of({"a": [1], "b": [2]}).column("c", "label")
    with pytest.raises(DataError) as told:
        table_of({"a b": [1]}).column("c", "label")
    assert "separate columns by commas" in told.value.cure


def test_what_stands_for_a_missing_value_is_missing() -> None:
    pandas = pytest.importorskip("pandas")
    missing = [None, float("nan"), np.float32("nan"), np.datetime64("NaT"), pandas.NA, pandas.NaT]
    assert table_of({"x": missing}).columns["x"] == ("",) * 6


def test_a_data_frame_with_two_columns_of_one_name_is_refused() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([["a", 1, 2]], columns=["label", "x", "x"])
    with pytest.raises(DataError, match="two columns are called 'x'"):
        table_of(frame)
