"""Texts and identifiers as OBO 1.4 writes them (section 3.2)."""

from __future__ import annotations

import re

__all__ = ["as_identifier", "quoted", "unquoted"]


def quoted(text: str) -> str:
    """Text -> the same in double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def unquoted(text: str) -> str:
    """Text -> the same escaped to stand without quotes, up to the line's end or qualifiers."""
    return text.replace("\\", "\\\\").replace("{", "\\{").replace("\n", "\\n")


def as_identifier(text: str) -> str:
    """Identifier or cross-reference, however prefixed -> the same with its escapes."""
    if re.match(r"https?://", text):
        return text.replace(",", "\\,")
    prefix, colon, local = (_escaped(part) if part != ":" else ":" for part in text.partition(":"))
    return prefix + colon + local


def _escaped(text: str) -> str:
    return re.sub(r'([\\ :,"\[\]{}()])', r"\\\1", text)
