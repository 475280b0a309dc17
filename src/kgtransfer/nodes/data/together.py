"""Rows that belong together: those of a group, such as a patient, and those that are equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.nodes.data.columns import number

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from kgtransfer.nodes.data.columns import Columns
    from kgtransfer.utils.tables import Table

    Pairs = list[tuple[int, int]]

__all__ = ["group_numbers", "leaks"]

NAMED = 5  # pairs of lines that a warning names


def group_numbers(table: Table, columns: Columns) -> tuple[int, ...]:
    """Table -> number of the group of each row; nothing where every row stands by itself.

    An empty cell is a group of its own.
    """
    if not columns.group:
        return ()
    own = [value or f"\0{row}" for row, value in enumerate(table.columns[columns.group])]
    named, numbers = np.unique(own, return_inverse=True)
    return () if len(named) == len(own) else tuple(numbers.tolist())


def leaks(
    table: Table, columns: Columns, parts: Sequence[str], groups: Sequence[int]
) -> Iterator[str]:
    """Table -> what makes its scores say less of other rows, with lines of the file.

    That is rows that are equal in all that is read, under two labels or on both sides of the split
    that the table comes with, and groups on both sides of it.

    Args:
        table: of rows.
        columns: what each is.
        parts: `train` or `test` of each row; empty where the table does not say.
        groups: number of the group of each row; empty where there are none.
    """
    labels = table.columns[columns.label]
    rows = [row for row, label in enumerate(labels) if label]
    contents = _contents(table, columns)
    alike = _pairs(contents, rows, rows)
    if doubled := [(one, other) for one, other in alike if labels[one] != labels[other]]:
        told = [f"{_lines(table, pair)} ({labels[pair[1]]}, {labels[pair[0]]})" for pair in doubled]
        yield f"{_some(told)}: equal in all that is read, under two labels"
    train, test = (
        [row for row in rows if parts and parts[row] == part] for part in ("train", "test")
    )
    for keys, what in ((contents, "equal in all that is read"), (groups, "of one group")):
        if across := _pairs(keys, train, test) if keys else []:
            told = [_lines(table, pair) for pair in across]
            yield f"{_some(told)}: {what}, on both sides of the split"


def _contents(table: Table, columns: Columns) -> list[Hashable]:
    """What is read of each row; numbers are equal however they are spelt."""
    cells = [
        *([str(number(value)) for value in table.columns[name]] for name in columns.numbers),
        *(table.columns[name] for name in (*columns.categories, *columns.texts)),
    ]
    return list(zip(*cells, strict=True))


def _pairs(keys: Sequence[Hashable], first: Sequence[int], second: Sequence[int]) -> Pairs:
    """Keys of rows -> each of the second rows with the first of the first rows that has its key."""
    row_of = {keys[row]: row for row in reversed(first)}
    return [(row_of[keys[row]], row) for row in second if keys[row] in row_of]


def _lines(table: Table, pair: tuple[int, int]) -> str:
    one, other = pair
    return f"{table.lines[other]} and {table.lines[one]}"


def _some(told: Sequence[str]) -> str:
    more = f" and {len(told) - NAMED:,} more pairs" if len(told) > NAMED else ""
    return f"lines {', '.join(told[:NAMED])}{more}"
