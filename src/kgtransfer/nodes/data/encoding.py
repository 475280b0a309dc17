"""Columns of a table -> attributes of its rows: numbers, an indicator a category, words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from kgtransfer.errors import DataError
from kgtransfer.nodes.data.columns import MOST_CATEGORIES, number

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.nodes.data.columns import Columns
    from kgtransfer.utils.tables import Table

__all__ = ["RowAttributes", "row_attributes", "row_texts"]

MOST_WORDS = 5_000
MOST_VALUES = 1_000  # different values of a column that settings call categories


@dataclass(frozen=True, eq=False)
class RowAttributes:
    """What rows are like.

    Attributes:
        matrix: `[N, D]`, CSR: numbers standardised, then indicators of categories, then counts of
            words.
        names: a name a column: that of the table's column, `column: value`, or a word.
        groups: `numbers`, `categories`, `words` -> first column and the one after the last.
    """

    matrix: sp.csr_array
    names: tuple[str, ...]
    groups: dict[str, tuple[int, int]]


def row_attributes(table: Table, columns: Columns, missing: str = "refuse") -> RowAttributes:
    """Table and what its columns are -> attributes of its rows.

    Args:
        table: of rows.
        columns: what each is.
        missing: numbers that are lacking: `refuse`, or `mean`.

    Raises:
        DataError: a number is lacking or not finite, or a column has too many categories.
    """
    parts = {
        "numbers": _numbers(table, columns.numbers, missing),
        "categories": _categories(table, columns.categories),
        "words": _words(row_texts(table, columns)),
    }
    groups, names, matrices, start = {}, list[str](), [], 0
    for group, (matrix, labels) in parts.items():
        if not labels:
            continue
        groups[group] = (start, start := start + len(labels))
        names += labels
        matrices.append(matrix)
    stacked = sp.csr_array(sp.hstack(matrices, format="csr") if matrices else (len(table), 0))
    return RowAttributes(stacked.astype(np.float32), tuple(names), groups)


def row_texts(table: Table, columns: Columns) -> tuple[str, ...]:
    """What each row says in its text columns, one after the other; empty without such columns."""
    if not columns.texts:
        return ()
    parts = zip(*(table.columns[name] for name in columns.texts), strict=True)
    return tuple("\n".join(filter(None, cells)) for cells in parts)


def _numbers(table: Table, names: tuple[str, ...], missing: str) -> tuple[sp.csr_array, list[str]]:
    """Numbers with mean 0 and deviation 1, then where numbers were lacking, if that is allowed."""
    if not names:
        return sp.csr_array((len(table), 0)), []
    cells = [[number(value) for value in table.columns[name]] for name in names]
    values = np.array(cells, dtype=np.float64).T  # [N, columns]
    wrong = np.isinf(values) if missing == "mean" else ~np.isfinite(values)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        cell = table.columns[names[column]][row]
        raise DataError(
            f"{table.place(row)}: column {names[column]!r}: {cell or 'an empty cell'!r} is no "
            f"number ({wrong.sum():,} such cell{'s' if wrong.sum() > 1 else ''} in the table)",
            cure="fill or drop them, leave the column out of features, or let means stand for "
            'them: [data] missing = "mean"',
        )
    lacking = np.isnan(values)
    filled = np.where(lacking, np.nanmean(values, axis=0), values)
    filled /= np.maximum(np.abs(filled).max(axis=0), 1e-300)  # squares of what is huge are finite
    spread = np.maximum(filled.std(axis=0), 1e-12)
    standard = (filled - filled.mean(axis=0)) / spread
    gaps = np.flatnonzero(lacking.any(axis=0))
    indicators = lacking[:, gaps].astype(np.float64)
    labels = [*names, *(f"{names[column]}: missing" for column in gaps)]
    return sp.csr_array(np.hstack([standard, indicators])), labels


def _categories(table: Table, names: tuple[str, ...]) -> tuple[sp.csr_array, list[str]]:
    """An indicator a value of each column."""
    labels: list[str] = []
    rows: list[npt.NDArray[np.float64]] = []
    for name in names:
        values = sorted({value for value in table.columns[name] if value})
        if len(values) > MOST_VALUES:
            raise DataError(
                f"{table.name}: column {name!r} has {len(values):,} different values",
                cure=f"categories have {MOST_VALUES:,} at most (found by themselves: "
                f"{MOST_CATEGORIES}); read it as text, or leave it out",
            )
        cells = np.array(table.columns[name], dtype=object)
        rows += [(cells == value).astype(np.float64) for value in values]
        labels += [f"{name}: {value}" for value in values]
    matrix = np.stack(rows, axis=1) if rows else np.zeros((len(table), 0))
    return sp.csr_array(matrix), labels


def _words(texts: tuple[str, ...]) -> tuple[sp.csr_array, list[str]]:
    """Counts of the words that two rows or more have, the most frequent ones."""
    if not texts:
        return sp.csr_array((0, 0)), []
    from sklearn.feature_extraction.text import CountVectorizer  # slow to import, seldom needed

    vectorizer = CountVectorizer(min_df=2, max_features=MOST_WORDS, stop_words="english")
    try:
        counts = vectorizer.fit_transform(texts)
    except ValueError:  # no word is left
        return sp.csr_array((len(texts), 0)), []
    return sp.csr_array(counts), vectorizer.get_feature_names_out().tolist()
