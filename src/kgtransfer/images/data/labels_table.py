"""`labels.csv`: the file and the label of each image, a line an image, checked line by line."""

from __future__ import annotations

import csv
import posixpath
from collections import Counter
from collections.abc import Callable
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeAlias

from kgtransfer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["LabelCheck", "lacking", "line_of", "read_labels"]

COLUMNS = ("image", "label")
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}

LabelCheck: TypeAlias = Callable[[str], tuple[str, str] | None]
"""A label as a table has it -> what is wrong with it, and a cure; None where nothing is."""


def lacking(label: str) -> tuple[str, str] | None:
    """A label -> what is wrong with it where it is empty."""
    return None if label else ("no label", "fill it in, or leave the line out")


def read_labels(
    path: Path, check: LabelCheck = lacking
) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, tuple[str, ...]]]:
    """File of a table -> names of images, their labels, and further columns by name.

    Spaces around cells are none of them.

    Args:
        path: of the table.
        check: of the labels.

    Raises:
        DataError: it is no table, names an image twice, or a line is not whole.
    """
    line_of: dict[str, int] = {}
    rows = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            reader.fieldnames = [name.strip() for name in reader.fieldnames or []]
            _require_columns(path, reader.fieldnames)
            for cells in reader:
                row = _row(path, reader.line_num, cells, check)
                first = line_of.setdefault(posixpath.normpath(row["image"]), reader.line_num)
                if first != reader.line_num:
                    raise DataError(
                        f"{path}:{reader.line_num}: {row['image']} stands in line {first} too",
                        cure="name each image once, or it is learned from and tested on; several "
                        'labels stand in one cell: a|b, with [data] labels = "several"',
                    )
                rows.append(row)
    except (UnicodeDecodeError, csv.Error) as error:
        cure = "save it as CSV in UTF-8"
        raise DataError(f"{path}: not a table in UTF-8 ({error})", cure=cure) from error
    if not rows:
        raise DataError(f"{path}: names no image", cure="add a line for each image")
    names = tuple(row.pop("image") for row in rows)
    labels = tuple(row.pop("label") for row in rows)
    return names, labels, {name: tuple(row[name] for row in rows) for name in rows[0]}


def line_of(path: Path, image: str) -> int:
    """Line of a table, whole as `read_labels` found it, that names an image; 0 where none does."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        reader.fieldnames = [name.strip() for name in reader.fieldnames or []]
        lines = (reader.line_num for row in reader if (row["image"] or "").strip() == image)
        return next(lines, 0)


def _require_columns(path: Path, header: Sequence[str]) -> None:
    """Refuse a table whose first line does not name the columns that every table has, once."""
    if doubled := [name for name, count in Counter(header).items() if count > 1]:
        cure = "give each column a name of its own"
        raise DataError(f"{path}:1: two columns are called {doubled[0]!r}", cure=cure)
    missing = [name for name in COLUMNS if name not in header]
    if not missing:
        return
    line = ",".join(header)
    for mark, separator in SEPARATORS.items():
        if {*COLUMNS} <= {cell.strip(' "') for cell in line.split(mark)}:
            raise DataError(
                f"{path}:1: its cells are separated by {separator}, not by commas",
                cure="save the table as CSV with commas",
            )
    close = [
        match for name in missing for match in get_close_matches(name, [*map(str.lower, header)], 1)
    ]
    slips = [name for name in header if name.lower() in close]
    raise DataError(
        f"{path}:1: no column {' and no column '.join(missing)}",
        cure="the first line names the columns: image,label and any others"
        + "".join(f"; is {name!r} meant to be one of them?" for name in slips),
    )


def _row(
    path: Path, line: int, row: dict[str | None, str | None], check: LabelCheck
) -> dict[str, str]:
    """A line of the table, whole."""
    cells = {str(name): value.strip() for name, value in row.items() if isinstance(value, str)}
    if None in row or len(cells) < len(row):
        raise DataError(f"{path}:{line}: not as many cells as the first line has columns")
    if not cells["image"]:
        raise DataError(f"{path}:{line}: no image", cure="fill it in, or leave the line out")
    if problem := check(cells["label"]):
        message, cure = problem
        raise DataError(f"{path}:{line}: {message}", cure=cure)
    return cells
