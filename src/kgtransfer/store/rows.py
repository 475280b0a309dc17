"""Rows of a query for people and for programs: a table, CSV, JSON.

Texts come from ontologies that anybody may have written: in a table they neither colour nor move
the terminal, and are no markup.
"""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from kgtransfer.store.base import Row

__all__ = ["as_csv", "as_json", "as_table"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def as_table(rows: Sequence[Row]) -> Table:
    """Rows as a table of text; null is empty."""
    from rich.table import Table
    from rich.text import Text

    columns = list(rows[0]) if rows else ["no rows"]
    table = Table(box=None)
    for name in columns:
        table.add_column(Text(_CONTROL.sub("�", name)), overflow="fold")
    for row in rows:
        table.add_row(*(Text(_CONTROL.sub("�", _cell(value))) for value in row.values()))
    return table


def as_csv(rows: Sequence[Row]) -> str:
    """Rows as CSV (RFC 4180) with a header line; lists and maps are JSON, null is empty."""
    text = io.StringIO()
    writer = csv.writer(text)
    if rows:
        writer.writerow(rows[0])
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return text.getvalue()


def as_json(value: object) -> str:
    """Anything that a query returns as indented JSON; dates and times in ISO 8601."""
    return json.dumps(value, indent=1, ensure_ascii=False, default=_plain)


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
