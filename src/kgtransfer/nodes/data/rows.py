"""Tables whose rows are samples -> nodes with attributes and texts, with edges or without."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.errors import DataError
from kgtransfer.nodes.data.columns import RowSettings, chosen_columns, number
from kgtransfer.nodes.data.edges import undirected
from kgtransfer.nodes.data.encoding import row_attributes, row_texts
from kgtransfer.nodes.data.graph import NodeGraph
from kgtransfer.nodes.data.together import group_numbers, leaks
from kgtransfer.utils.progress import say
from kgtransfer.utils.tables import SEPARATORS, is_table, read_table

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.nodes.data.columns import Columns
    from kgtransfer.utils.tables import Table

__all__ = ["read_rows", "rows_of_table"]

TRAIN = ("train", "training", "val", "valid", "validation", "dev")
TEST = ("test", "testing")
MOST_NUMBERS = 100  # different numbers that are classes
FEWEST_ROWS = 2.0  # of a class, in the mean, where there are more than ...
FEW = 20  # ... so many classes


def read_rows(path: Path, settings: RowSettings) -> NodeGraph:
    """File of a table, or folder of one and perhaps its `edges` -> nodes.

    Raises:
        DataError: the table cannot be read, or does not hold what is asked for.
    """
    table_path, edges_path = _files(path) if path.is_dir() else (path, None)
    if settings.edges:
        named = Path(settings.edges).expanduser()
        edges_path = named if named.is_file() else table_path.parent / named
        if not edges_path.is_file():
            raise DataError(f"{settings.edges}: no such file", cure="check [data] edges")
    table = read_table(table_path)
    if table.separator not in ("", ","):
        say(f"{table.name}: columns are separated by {SEPARATORS[table.separator]}")
    edges = read_table(edges_path) if edges_path else None
    name = (path if path.is_dir() else table_path).name.removesuffix(".gz")
    return rows_of_table(table, settings, edges, name=Path(name).stem)


def rows_of_table(
    table: Table, settings: RowSettings, edges: Table | None = None, name: str = "rows"
) -> NodeGraph:
    """Table of rows, and perhaps one of edges between them -> nodes.

    Args:
        table: of rows.
        settings: which columns are what.
        edges: ids of two rows each, in the columns `source` and `target` or the first two; rows
            without ids are counted from 0.
        name: of the data set.

    Raises:
        DataError: see `read_rows`.
    """
    columns = chosen_columns(table, settings)
    ids = _ids(table, columns)
    labels, classes = _labels(table, columns)
    parts = _parts(table, columns, labels)
    attributes = row_attributes(table, columns, settings.missing)
    groups = group_numbers(table, columns)
    say(f"{table.name}: {columns}")
    for line in leaks(table, columns, parts, groups):
        say(f"warning: {table.name}: {line}")
    pairs, corrections = np.zeros((2, 0), dtype=np.int64), dict[str, int]()
    if edges is not None:
        pairs, corrections = undirected(_edges(edges, ids, len(table)), len(table))
    if unlabelled := int((labels < 0).sum()):
        corrections["rows without a label"] = unlabelled
    has_any = bool(attributes.matrix.nnz)
    return NodeGraph(
        name,
        len(table),
        pairs,
        labels,
        classes,
        attributes.matrix if has_any else None,
        attributes.names if has_any else (),
        corrections,
        groups=attributes.groups if has_any else {},
        texts=row_texts(table, columns),
        ids=ids,
        parts=parts,
        sample_groups=groups,
    )


def _files(folder: Path) -> tuple[Path, Path | None]:
    """Folder -> its table of rows, and its table of edges if there is one."""
    tables = sorted(file for file in folder.iterdir() if is_table(file) and file.is_file())
    edges = [file for file in tables if file.name.partition(".")[0] == "edges"]
    rows = [file for file in tables if file not in edges]
    named = [file for file in rows if file.name.partition(".")[0] in ("rows", "nodes")]
    chosen = named if len(rows) > 1 else rows
    if len(chosen) != 1 or len(edges) > 1:
        listed = ", ".join(file.name for file in tables) or "none"
        raise DataError(
            f"{folder}: which table holds the rows? tables are: {listed}",
            cure="call it rows.csv and that of the edges, if any, edges.csv; or give the file",
        )
    return chosen[0], edges[0] if edges else None


def _ids(table: Table, columns: Columns) -> tuple[str, ...]:
    if not columns.id:
        return ()
    ids = table.columns[columns.id]
    row_of: dict[str, int] = {}
    for row, value in enumerate(ids):
        if not value or value in row_of:
            what = (
                f"{value!r} is that of line {table.lines[row_of[value]]} too" if value else "none"
            )
            raise DataError(
                f"{table.place(row)}: id in column {columns.id!r}: {what}",
                cure="give each row an id of its own, or name another column: [data] id",
            )
        row_of[value] = row
    return ids


def _labels(table: Table, columns: Columns) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Row of the classes of each row, -1 where its cell is empty; and the classes, sorted."""
    values = table.columns[columns.label]
    classes = tuple(sorted(set(filter(None, values)), key=_natural))
    labelled = sum(map(bool, values))
    where = f"{table.name}: column {columns.label!r}"
    if len(classes) < 2:
        raise DataError(
            f"{where} holds {len(classes)} class" + (f", {classes[0]!r}" if classes else "es"),
            cure="give rows of two classes or more, or name another column: [data] label",
        )
    numbers = [number(name) for name in classes]
    is_fractional = any(value is not None and value % 1 for value in numbers)
    is_measured = None not in numbers and (len(classes) > MOST_NUMBERS or is_fractional)
    is_sparse = labelled < FEWEST_ROWS * len(classes)
    if (len(classes) > FEW and (is_measured or is_sparse)) or (is_fractional and is_sparse):
        raise DataError(
            f"{where} holds {len(classes):,} different values in {labelled:,} rows, such as "
            f"{', '.join(map(repr, classes[:3]))}: no classes",
            cure="name a column of classes ([data] label), or divide the numbers into classes",
        )
    row_of = {name: row for row, name in enumerate(classes)}
    return np.array([row_of.get(value, -1) for value in values], dtype=np.int64), classes


def _natural(name: str) -> tuple[bool, float, str]:
    value = number(name)
    return (value is None or value != value, value if value is not None else 0.0, name)


def _parts(table: Table, columns: Columns, labels: npt.NDArray[np.int64]) -> tuple[str, ...]:
    """`train` or `test` of each row; empty where the table does not say."""
    if not columns.split:
        return ()
    meaning = {**dict.fromkeys(TRAIN, "train"), **dict.fromkeys(TEST, "test"), "": ""}
    parts = []
    for row, value in enumerate(table.columns[columns.split]):
        if value.lower() not in meaning:
            raise DataError(
                f"{table.place(row)}: split in column {columns.split!r} is {value!r}",
                cure="write train, val or test (val is trained on: a run selects within it)",
            )
        parts.append(meaning[value.lower()])
    for part in ("train", "test"):
        held = {label for label, p in zip(labels.tolist(), parts, strict=True) if p == part}
        if len(held - {-1}) < (2 if part == "train" else 1):
            raise DataError(
                f"{table.name}: column {columns.split!r}: too few labelled rows of {part}",
                cure="mark rows of two classes as train and others as test, or leave the column "
                'out: [data] split = "..." names another',
            )
    return tuple(parts)


def _edges(edges: Table, ids: tuple[str, ...], rows: int) -> npt.NDArray[np.int64]:
    """`[2, E]`: rows of the ends of each edge."""
    names = [*edges.columns]
    if {"source", "target"} <= set(names):
        names = ["source", "target"]
    if len(names) < 2:
        raise DataError(
            f"{edges.name}: one column, {names[0]!r}", cure="give two: source and target"
        )
    row_of = {name: row for row, name in enumerate(ids or map(str, range(rows)))}
    ends = []
    for name in names[:2]:
        for line, value in enumerate(edges.columns[name]):
            if value not in row_of:
                raise DataError(
                    f"{edges.place(line)}: {name} {value!r} is no row",
                    cure="edges name ids of rows" + ("" if ids else ", here numbers from 0"),
                )
        ends.append([row_of[value] for value in edges.columns[name]])
    return np.array(ends, dtype=np.int64)
