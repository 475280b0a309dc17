"""Rows of a query for people and for programs: a table, CSV."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from kgtransfer.utils.terminal import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from kgtransfer.store.base import Row

__all__ = ["as_csv", "as_table"]


def as_table(rows: Sequence[Row]) -> Table:
    """Rows -> a table of text; null is empty."""
    headers = list(rows[0]) if rows else ["no rows"]
    return table(headers, (tuple(map(_cell, row.values())) for row in rows), fold=True)


def as_csv(rows: Sequence[Row]) -> str:
    """Rows -> CSV (RFC 4180) with a header line; lists and maps are JSON, null is empty.

    Values are exact: a text that starts with `=` stays as it is, though a spreadsheet takes it for
    a formula.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    if rows:
        writer.writerow(rows[0])
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, date | time):
        return _plain(value)
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)
