"""Untrusted text on a terminal: nothing that steers it, nothing invisible.

Labels, IRIs, file names, answers of queries and the errors that repeat them are text that anybody
may have written. All that is printed goes through this module.
"""

from __future__ import annotations

import io
import json
import logging
import math
import re
import sys
import unicodedata
import warnings
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kgtransfer.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "complain",
    "console",
    "counted",
    "deliver",
    "emit",
    "json_text",
    "plain_text",
    "printable",
    "safe_streams",
    "show",
    "show_diff",
    "table",
    "table_text",
    "tell",
]

WIDE = 100_000
"""Columns of a table that is piped: it is as wide as it needs, nobody can use half an IRI."""

_STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # controls, formats, surrogates, separators of lines
_UNSEEN = frozenset(  # Default_Ignorable_Code_Point (Unicode, UAX #44) beyond those, and a blank
    map(
        chr,
        (
            *(0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x2800, 0x3164, 0xFFA0),
            *(*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFF9)),
            *range(0xE0000, 0xE1000),
        ),
    )
)
_DOUBTFUL = re.compile(r"[^\t\n\x20-\x7e]")


def printable(text: object) -> str:
    r"""Text -> the same with control and invisible characters spelt out: `\x1b`, `\u202e`.

    That is: control characters other than tab and new line, marks of direction, characters of no
    width, tags, variation selectors, lone surrogates.
    """
    return _DOUBTFUL.sub(_spelt, str(text))


def plain_text(value: object, *, style: str = "") -> Text:
    """Value -> text for rich, no part of it taken for markup."""
    return Text(printable(value), style=style)


def json_text(value: Any) -> str:
    """Value -> indented JSON (RFC 8259): what `printable` spells out is escaped.

    Numbers that JSON has no word for, nan and infinities, are null; what has no form in JSON is
    written as text, dates and times in ISO 8601.
    """
    text = json.dumps(
        _finite(value), indent=1, ensure_ascii=False, allow_nan=False, default=_in_words
    )
    return _DOUBTFUL.sub(_escaped, text)


def tell(*lines: object) -> None:
    """Print results, a line each, on standard output."""
    for line in lines:
        print(printable(line))


def complain(*lines: object) -> None:
    """Print what is amiss or worth knowing, a line each and without secrets, to standard error."""
    for line in lines:
        print(printable(redacted(str(line))), file=sys.stderr)


def emit(text: str) -> None:
    """Print a document for programs: as it is into a pipe or file, printable on a terminal."""
    print(printable(text) if sys.stdout.isatty() else text, end="")


def deliver(data: bytes) -> None:
    """Print a file in UTF-8: byte for byte into a pipe or file, printable on a terminal."""
    if sys.stdout.isatty():
        emit(data.decode())
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)


def show_diff(diff: str) -> None:
    """Print a unified diff: as it is into a pipe or file, printable and in colour on a terminal."""
    if not sys.stdout.isatty():
        emit(diff)
        return
    colours = {"+": "green", "-": "red", "@": "cyan"}
    for line in diff.splitlines():
        style = "bold" if line.startswith(("---", "+++")) else colours.get(line[:1], "")
        console().print(plain_text(line, style=style), soft_wrap=True)


def table(
    headers: Iterable[object], rows: Iterable[Sequence[object]] = (), *, fold: bool = False
) -> Table:
    """Headers and rows -> a table without lines; headers and cells are plain text.

    Args:
        headers: of the columns.
        rows: a cell for each of them.
        fold: break long cells instead of cutting them off.
    """
    grid = Table(box=None)
    for header in headers:
        grid.add_column(plain_text(header), overflow="fold" if fold else "ellipsis")
    for row in rows:
        grid.add_row(*map(plain_text, row))
    return grid


def show(content: Table, *, whole: bool = False) -> None:
    """Print a table; `whole` lets one that goes into a pipe be as wide as it needs."""
    width = WIDE if whole and not sys.stdout.isatty() else None
    console(width=width).print(content)


def table_text(content: Table) -> str:
    """A table -> its text, as wide as it needs."""
    text = io.StringIO()
    Console(file=text, width=WIDE, markup=False, emoji=False, highlight=False).print(content)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines())


def console(*, stderr: bool = False, width: int | None = None) -> Console:
    """A console of rich that takes texts as they are: no markup, no emoji codes, no colours."""
    return Console(stderr=stderr, width=width, markup=False, emoji=False, highlight=False)


def counted(number: int, noun: str) -> str:
    """Number and noun -> `1 warning`, `2 warnings`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def safe_streams() -> None:
    """Make this process's standard streams, warnings and log records safe to show.

    Streams spell out what their encoding lacks, instead of failing at it; warnings and log records
    of any library are printable and hold no secret.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    warnings.formatwarning = _warning
    if logging.getLogRecordFactory() is not _record:
        logging.setLogRecordFactory(_record)


def _spelt(match: re.Match[str]) -> str:
    character = match.group()
    if unicodedata.category(character) not in _STEERING and character not in _UNSEEN:
        return character
    code = ord(character)
    form = "\\x{:02x}" if code < 0x100 else "\\u{:04x}" if code < 0x10000 else "\\U{:08x}"
    return form.format(code)


def _escaped(match: re.Match[str]) -> str:
    character, encoding = match.group(), (sys.stdout.encoding or "ascii").lower()
    if encoding in ("utf-8", "utf8") and _spelt(match) == character:
        return character
    return json.dumps(character)[1:-1]


def _finite(value: Any) -> Any:
    """Value -> the same with None for nan and infinities."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value


def _in_words(value: Any) -> str:
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def _warning(message: Warning | str, *_: object, **__: object) -> str:
    return f"warning: {printable(redacted(str(message)))}\n"


def _record(*args: Any, **values: Any) -> logging.LogRecord:
    record = logging.LogRecord(*args, **values)
    record.msg, record.args = printable(redacted(record.getMessage())), ()
    return record
