"""What strangers wrote, on a terminal: nothing that steers it, nothing that it cannot show."""

from __future__ import annotations

import io
import re
import sys

__all__ = ["counted", "printable", "show_what_can_be_shown"]

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Control characters other than tab and new line: a label may hold them, a terminal obeys them."""


def printable(text: object) -> str:
    r"""The text with its control characters spelt out, as in `\x1b`."""
    return CONTROL.sub(lambda match: f"\\x{ord(match.group()):02x}", str(text))


def counted(number: int, noun: str) -> str:
    """`1 warning`, `2 warnings`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def show_what_can_be_shown() -> None:
    """Let the standard streams spell out what their encoding lacks, instead of failing at it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
