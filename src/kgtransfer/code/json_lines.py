"""File of JSON lines, plain or gzipped -> its objects, each with the number of its line."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import DataError
from kgtransfer.utils.bounded import json_value, read_packed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["JSON_LINES", "json_lines"]

JSON_LINES = (".jsonl", ".jsonl.gz")
"""How the names of such files end."""
LIMIT = 2**31  # bytes, unpacked


def json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """File -> line, counted from 1, and object of each line that is not empty.

    Raises:
        DataError: the file cannot be read, or a line is no JSON object in UTF-8.
    """
    try:
        content = read_packed(path, LIMIT)
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: {error}", cure="get or pack the file again") from error
    for number, line in enumerate(content.removeprefix(BOM_UTF8).split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json_value(line.decode("utf-8"))
            json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
        except ValueError as error:
            raise DataError(
                f"{path}:{number}: no JSON in UTF-8 ({error})",
                cure="write one JSON object a line",
            ) from error
        if not isinstance(value, dict):
            raise DataError(
                f"{path}:{number}: not an object in braces",
                cure="write one JSON object a line",
            )
        yield number, value
