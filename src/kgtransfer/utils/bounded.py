"""Reading untrusted input: a bounded number of bytes, and bounded nesting."""

from __future__ import annotations

import gzip
import json
import tomllib
import zlib
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["MAX_DEPTH", "TooLarge", "json_value", "read_at_most", "read_packed", "toml_values"]

MAX_DEPTH = 200
"""Deepest nesting of arrays, objects and tables read."""
BLOCK = 2**16


class Readable(Protocol):
    """A source of bytes: a file, or a decompressor of one."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""
        ...


class TooLarge(ValueError):
    """A stream holds more than its reader is ready to take."""


def read_at_most(stream: Readable, limit: int) -> bytes:
    """Stream -> all its bytes, whatever size it declares.

    Read in blocks, so that of a decompressor's output no more than one block is there unasked.

    Args:
        stream: open for reading.
        limit: most bytes it may hold.

    Raises:
        TooLarge: it holds more.
    """
    content = bytearray()
    while block := stream.read(BLOCK):
        content += block
        if len(content) > limit:
            raise TooLarge(f"more than {limit / 2**20:,.0f} MiB unpacked")
    return bytes(content)


def read_packed(path: Path, limit: int) -> bytes:
    """File -> its content, unpacked if its name ends with `.gz`.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is damaged, or holds more than `limit` bytes.
    """
    with path.open("rb") as file:
        if path.suffix != ".gz":
            return read_at_most(file, limit)
        try:
            with gzip.GzipFile(fileobj=file) as unpacked:
                return read_at_most(unpacked, limit)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ValueError(f"damaged gzip file: {error}") from error


def json_value(text: str | bytes) -> Any:
    """JSON text -> its value.

    Raises:
        ValueError: it is no JSON, or nested deeper than `MAX_DEPTH`.
    """
    return _parsed(json.loads, text)


def toml_values(text: str) -> dict[str, Any]:
    """TOML text -> its values by name.

    Raises:
        ValueError: it is no TOML, or nested deeper than `MAX_DEPTH`.
    """
    values: dict[str, Any] = _parsed(tomllib.loads, text)
    return values


def _parsed(parse: Callable[[Any], Any], text: str | bytes) -> Any:
    try:
        value = parse(text)
    except RecursionError:
        raise _too_deep() from None
    _refuse_deep(value)
    return value


def _refuse_deep(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> ValueError:
    return ValueError(f"nested deeper than {MAX_DEPTH}")
