"""Replacements of pieces of a text; cuts that leave comments, and no empty lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kgtransfer.knowledge.patch.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["TextEdit", "applied", "cut", "has_comment", "newline", "spaced"]

_LINE_END = re.compile(r"\r\n|\n|\r|\Z")

_APART = frozenset(["", *" \t\r\n[](),;.#"])
"""What may stand beside a term without a space, and the ends of a text."""


class TextEdit(NamedTuple):
    """What stands from `start` to `end` becomes `text`."""

    start: int
    end: int
    text: str = ""


def applied(text: str, edits: Iterable[TextEdit]) -> str:
    """Text and edits -> the edited text; places are those of the text before any edit."""
    pieces, last = list[str](), 0
    for edit in sorted(edits):
        pieces += (text[last : max(last, edit.start)], edit.text)
        last = max(last, edit.end)
    return "".join((*pieces, text[last:]))


def spaced(text: str, start: int, end: int, replacement: str) -> TextEdit:
    """Replacement -> an edit that keeps it apart from what stands before and after it."""
    before, after = text[max(start - 1, 0) : start], text[end : end + 2]
    apart = after[:1] in _APART and not (after[:1] == "." and after[1:] not in _APART)
    head = "" if before in _APART or replacement[:1] in _APART else " "
    return TextEdit(start, end, f"{head}{replacement}{'' if apart else ' '}")


def cut(text: str, start: int, end: int) -> Iterator[TextEdit]:
    """Two places at borders of tokens -> edits that take out what is between, but for comments.

    A line of which nothing is left goes with its end; else no space is left at an end of a line.
    """
    begin = start
    for token in tokens(text[start:end]):
        if token.kind == "comment":
            yield from _cut_piece(text, begin, start + token.start)
            begin = start + token.end
    yield from _cut_piece(text, begin, end)


def _cut_piece(text: str, start: int, end: int) -> Iterator[TextEdit]:
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end -= len(text[start:end]) - len(text[start:end].rstrip())
    if start >= end:
        return
    line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    line_end = _LINE_END.search(text, end) or _LINE_END.match("")
    after = text[end : line_end.start()] if line_end else ""
    if after.strip():
        yield TextEdit(start, end + len(after) - len(after.lstrip()))
    elif text[line:start].strip("\ufeff \t"):
        yield TextEdit(line + len(text[line:start].rstrip(" \t")), end + len(after))
    else:
        yield TextEdit(line + text.startswith("\ufeff", line), line_end.end() if line_end else end)


def has_comment(text: str, start: int, end: int) -> bool:
    """Two places at borders of tokens -> whether a comment stands between them."""
    return any(token.kind == "comment" for token in tokens(text[start:end]))


def newline(text: str) -> str:
    r"""Text -> how it ends most of its lines, `\n` or `\r\n`."""
    windows = text.count("\r\n")
    return "\r\n" if windows > text.count("\n") - windows else "\n"
