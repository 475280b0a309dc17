"""Tables of rows: csv, tsv, json lines and parquet files, or columns in memory; values as text.

Also packed as `.gz`. The separator of a csv file is found by its first line. What cannot be read
is refused with file, line and cure.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import DataError
from kgtransfer.utils.bounded import json_value, read_packed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["SUFFIXES", "Table", "is_table", "read_table", "table_of"]

SUFFIXES = (".csv", ".tsv", ".jsonl", ".parquet")
"""What a table's name ends with, a further `.gz` aside."""
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
MAX_BYTES = 2**31
"""Largest table read, unpacked."""
MAX_COLUMNS = 20_000
MISSING = ("nan", "NaT", "<NA>")
"""What numpy and pandas print where a value that is no text is missing."""


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of text, a value a row.

    Attributes:
        name: of the file or what stands for it, for messages.
        columns: by name; a missing value is empty.
        lines: line of each row in the file, from 1.
        separator: of a csv file; empty for other kinds.
    """

    name: str
    columns: Mapping[str, tuple[str, ...]]
    lines: tuple[int, ...]
    separator: str = ""

    def __len__(self) -> int:
        return len(self.lines)

    def column(self, name: str, use: str) -> tuple[str, ...]:
        """Values of a column.

        Args:
            name: of the column.
            use: what it is wanted for, for the message.

        Raises:
            DataError: there is none of that name.
        """
        if name not in self.columns:
            alone = len(self.columns) == 1
            raise DataError(
                f"{self.name}: no column {name!r} ({use}); columns are: {', '.join(self.columns)}",
                cure="separate columns by commas, semicolons, tabs or bars"
                if alone
                else "correct the name, in the table or in the settings",
            )
        return self.columns[name]

    def place(self, row: int) -> str:
        """File and line of a row, for messages."""
        return f"{self.name}:{self.lines[row]}"


def is_table(path: Path) -> bool:
    """Whether a file's name is that of a table."""
    return _suffix(path) in SUFFIXES


def read_table(path: Path) -> Table:
    """File of a table -> its columns.

    Raises:
        DataError: it cannot be read, has no row, or rows do not fit its first line.
    """
    suffix = _suffix(path)
    try:
        if suffix == ".parquet":
            return _parquet(path)
        text = read_packed(path, MAX_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DataError(f"{path}:{line}: no UTF-8", cure="save the table as UTF-8") from error
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: {error}", cure="check the file") from error
    return _json_lines(path, text) if suffix == ".jsonl" else _separated(path, text)


def table_of(columns: Any, name: str = "table") -> Table:
    """Columns in memory -> a table: a mapping of names to values, or what has `keys` as one has.

    Args:
        columns: name -> values, one a row; a data frame will do.
        name: what messages call it.

    Raises:
        DataError: columns are of different lengths, or there is no row.
    """
    names = list(map(str, columns.keys()))
    if doubled := [key for key, count in Counter(names).items() if count > 1]:
        cure = "give each column a name of its own"
        raise DataError(f"{name}: two columns are called {doubled[0]!r}", cure=cure)
    texts = {str(key): tuple(map(_text, columns[key])) for key in columns.keys()}  # noqa: SIM118
    lengths = {key: len(values) for key, values in texts.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{key} {length}" for key, length in lengths.items())
        raise DataError(f"{name}: columns of different lengths: {told}", cure="one value a row")
    return _checked(name, texts, range(1, max(lengths.values(), default=0) + 1))


def _suffix(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).suffix.lower()


def _separated(path: Path, text: str) -> Table:
    header = text.partition("\n")[0]
    separator = max(SEPARATORS, key=header.count)
    if _suffix(path) == ".tsv" and "\t" in header:
        separator = "\t"
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, lines, line = [], [], 1
    try:
        for row in reader:
            if row:
                rows.append(row)
                lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"{path}:{line}: {error}", cure='close every " that is opened') from error
    names = [name.strip() for name in rows[0]] if rows else []
    _require_names(path, names)
    for row, at in zip(rows[1:], lines[1:], strict=True):
        if len(row) != len(names):
            raise DataError(
                f"{path}:{at}: {len(row)} values for {len(names)} columns "
                f"(separated by {SEPARATORS[separator]})",
                cure=f'put values that hold "{separator}" in quotation marks, and leave none out',
            )
    columns = zip(*rows[1:], strict=True) if rows[1:] else [() for _ in names]
    texts = {name: tuple(map(_text, column)) for name, column in zip(names, columns, strict=True)}
    return _checked(str(path), texts, lines[1:], separator)


def _require_names(path: Path, names: Sequence[str]) -> None:
    """Refuse a first line that names no columns."""
    cure = "name each column in the first line, each by a name of its own"
    if not any(names):
        raise DataError(f"{path}: is empty", cure="give a first line of names, and rows")
    if len(names) > MAX_COLUMNS:
        raise DataError(f"{path}:1: {len(names):,} columns", cure=f"give {MAX_COLUMNS:,} at most")
    if "" in names:
        raise DataError(f"{path}:1: column {names.index('') + 1} has no name", cure=cure)
    if doubled := [name for name, count in Counter(names).items() if count > 1]:
        raise DataError(f"{path}:1: two columns are called {doubled[0]!r}", cure=cure)
    if all(_is_number(name) for name in names):
        raise DataError(f"{path}:1: the first line holds numbers alone, no names", cure=cure)


def _json_lines(path: Path, text: str) -> Table:
    rows, lines = [], []
    for line, content in enumerate(text.split("\n"), start=1):
        if not content.strip():
            continue
        try:
            row = json_value(content)
        except ValueError as error:
            raise DataError(f"{path}:{line}: {error}", cure="one JSON object a line") from error
        if not isinstance(row, dict) or any(isinstance(v, dict | list) for v in row.values()):
            raise DataError(
                f"{path}:{line}: no object of plain values",
                cure="write each row as an object of texts and numbers, without lists",
            )
        rows.append(row)
        lines.append(line)
    names = list(dict.fromkeys(name for row in rows for name in row))
    if len(names) > MAX_COLUMNS:
        raise DataError(f"{path}: {len(names):,} names", cure=f"give {MAX_COLUMNS:,} at most")
    texts = {name: tuple(_text(row.get(name)) for row in rows) for name in names}
    return _checked(str(path), texts, lines)


def _parquet(path: Path) -> Table:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise DataError(
            f"{path}: pyarrow is not installed", cure="pip install 'kgtransfer[parquet]'"
        ) from error
    try:
        with pq.ParquetFile(path) as file:
            size = file.metadata.num_rows * file.metadata.num_columns
            if size > MAX_BYTES // 8 or file.metadata.num_columns > MAX_COLUMNS:
                raise DataError(f"{path}: {size:,} values", cure="take a part of it")
            columns = file.read().to_pydict()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(f"{path}: no parquet table ({error})", cure="write it again") from error
    return table_of(columns, str(path))


def _checked(
    name: str, columns: Mapping[str, tuple[str, ...]], lines: Iterable[int], separator: str = ""
) -> Table:
    table = Table(name, columns, tuple(lines), separator)
    if not len(table):
        raise DataError(f"{name}: has no row", cure="give one row a sample below the names")
    return table


def _text(value: object) -> str:
    """A value as text; empty where there is none."""
    text = str(value).strip()
    return "" if value is None or (text in MISSING and not isinstance(value, str)) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
