from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from typing import Any

from rich.console import Console

from kgtransfer.store.rows import as_csv, as_table
from kgtransfer.utils.terminal import json_text

ROWS: list[dict[str, Any]] = [
    {"name": "neutrophil", "share": 0.6, "day": date(2024, 2, 29), "of": ["a", "b"]},
    {"name": 'say "x", y', "share": None, "day": datetime(2024, 2, 29, 1, tzinfo=UTC), "of": {}},
]


def shown(rows: list[dict[str, Any]]) -> list[str]:
    console = Console(file=io.StringIO(), width=100, force_terminal=False)
    console.print(as_table(rows))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return [line.strip() for line in text.splitlines()]


def test_a_table_of_rows() -> None:
    assert shown(ROWS) == [
        "name        share  day                        of",
        'neutrophil  0.6    2024-02-29                 ["a", "b"]',
        'say "x", y         2024-02-29T01:00:00+00:00  {}',
    ]
    assert shown([]) == ["no rows"]


def test_a_narrow_table_cuts_nothing_off() -> None:
    lines = shown([{"iri": "x" * 150}])
    assert "".join(lines) == "iri" + "x" * 150


def test_texts_neither_mark_up_nor_steer_the_terminal() -> None:
    attack = "[red]a[/nope] \x1b[2J\x1b]0;title\x07 \x9b2J \u202eb"
    assert shown([{"[b]x": attack}]) == [
        "[b]x",
        r"[red]a[/nope] \x1b[2J\x1b]0;title\x07 \x9b2J \u202eb",
    ]


def test_csv() -> None:
    assert as_csv(ROWS) == (
        "name,share,day,of\r\n"
        'neutrophil,0.6,2024-02-29,"[""a"", ""b""]"\r\n'
        '"say ""x"", y",,2024-02-29T01:00:00+00:00,{}\r\n'
    )
    assert as_csv([]) == ""


def test_json() -> None:
    assert json.loads(json_text(ROWS)) == [
        {"name": "neutrophil", "share": 0.6, "day": "2024-02-29", "of": ["a", "b"]},
        {"name": 'say "x", y', "share": None, "day": "2024-02-29T01:00:00+00:00", "of": {}},
    ]
