"""The edits that take statements out of a Turtle text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kgtransfer.knowledge.patch.edits import TextEdit, cut, has_comment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.knowledge.patch.tree import Block, Entry

__all__ = ["without_block", "without_object"]

_EMPTY_BEFORE = re.compile(r"(\n|\r(?!\n))[ \t]*(?:\r\n|\n|\r)\Z")
_EMPTY_AFTER = re.compile(r"[ \t]*(?:\Z|(?:\r\n|\n|\r)[ \t]*(?:\Z|\r|\n))")


def without_object(text: str, block: Block, place: int, index: int) -> Iterator[TextEdit]:
    """Object of a block's entry -> edits that take it out, and what is empty without it.

    Args:
        text: the text.
        block: the block.
        place: which of its entries.
        index: which of the entry's objects.
    """
    entry = block.entries[place]
    if len(entry.objects) > 1:
        yield from _without_object(text, entry, index)
    elif len(block.entries) > 1:
        yield from _without_entry(text, block, place)
    else:
        yield from without_block(text, block)


def without_block(text: str, block: Block) -> Iterator[TextEdit]:
    """Block -> edits that take it out, and one of two empty lines around; comments stay."""
    start, end = block.subject.start, block.dot + 1
    before, after = _EMPTY_BEFORE.search(text, 0, start), _EMPTY_AFTER.match(text, end)
    if before and after and not has_comment(text, start, end):
        yield TextEdit(before.end(1), before.end())
    yield from cut(text, start, end)


def _without_object(text: str, entry: Entry, index: int) -> Iterator[TextEdit]:
    node = entry.objects[index]
    if index:
        start, end = entry.objects[index - 1].end, node.end
    else:
        start, end = node.start, entry.objects[1].start
    if has_comment(text, start, end):
        comma = entry.commas[max(index - 1, 0)]
        yield from cut(text, comma, comma + 1)
        yield from cut(text, node.start, node.end)
    else:
        yield TextEdit(start, end)


def _without_entry(text: str, block: Block, place: int) -> Iterator[TextEdit]:
    entry, before = block.entries[place], block.entries[place - 1]
    start = entry.verb.start
    if not entry.semicolons:  # the last one, and not the first
        if has_comment(text, before.end, start):
            yield TextEdit(before.semicolons[0], before.semicolons[0] + 1, ".")
            for semicolon in before.semicolons[1:]:
                yield from cut(text, semicolon, semicolon + 1)
            yield from cut(text, start, block.dot + 1)
        else:
            yield TextEdit(before.end, entry.end)
    elif place == 0 and not has_comment(text, start, block.entries[1].verb.start):
        yield TextEdit(start, block.entries[1].verb.start)
    else:
        yield from cut(text, start, entry.semicolons[-1] + 1)
