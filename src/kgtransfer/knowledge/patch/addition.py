"""The edits that put a statement into a Turtle text, in the text's own style."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.patch.edits import TextEdit, newline, spaced
from kgtransfer.knowledge.patch.terms import written
from kgtransfer.knowledge.vocabulary import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.knowledge.patch.terms import Names
    from kgtransfer.knowledge.patch.tree import Block, Document, Entry

__all__ = ["with_statement", "written_object", "written_verb"]

INDENT = "    "
_COMMENT = re.compile(r"[ \t]*#[^\r\n]*")


def with_statement(document: Document, statement: ox.Triple) -> Iterator[TextEdit]:
    """Statement -> edits that put it beside those with its subject and predicate, or subject.

    What no block is about yet gets a block at the end of the file.

    Args:
        document: the text, taken apart.
        statement: a statement with an IRI as subject, and an IRI or a literal as object.
    """
    blocks = [block for block in document.blocks if block.subject.term == statement.subject]
    for block in blocks:
        for entry in block.entries:
            if entry.verb.term == statement.predicate:
                yield _further_object(document, entry, written_object(statement, block.names))
                return
    if blocks:
        yield from _further_entry(document, blocks[-1], statement)
    else:
        yield _further_block(document, statement)


def written_verb(predicate: ox.NamedNode, names: Names) -> str:
    """Predicate -> Turtle."""
    return "a" if predicate == RDF_TYPE else written(predicate, names)


def written_object(statement: ox.Triple, names: Names) -> str:
    """Statement -> its object, an IRI or a literal, as Turtle."""
    assert isinstance(statement.object, ox.NamedNode | ox.Literal)
    return written(statement.object, names)


def _further_object(document: Document, entry: Entry, obj: str) -> TextEdit:
    """After the entry's last object, apart from it as the objects before are from each other."""
    last = entry.objects[-1]
    if entry.commas:
        separator = _gap(document.text, entry.objects[-2].end, last.start)
    else:
        separator = _most_common(document, "commas") or " , "
    return spaced(document.text, last.end, last.end, separator + obj)


def _further_entry(document: Document, block: Block, statement: ox.Triple) -> Iterator[TextEdit]:
    text, names = document.text, block.names
    addition = f"{written_verb(statement.predicate, names)} {written_object(statement, names)}"
    if not block.entries:  # `[ ... ] .` is never about an IRI
        return
    separator = _separator(document, block)
    last = block.entries[-1]
    comment = _COMMENT.match(text, block.dot + 1)
    if comment and not last.semicolons:
        # What is commented stays on the line of its comment.
        indent = separator.partition(";")[2]
        if "\n" not in indent:
            indent = newline(text) + INDENT
        yield TextEdit(block.dot, block.dot + 1, ";")
        yield TextEdit(comment.end(), comment.end(), f"{indent}{addition} .")
    else:
        yield spaced(text, last.end, last.end, separator + addition)


def _separator(document: Document, block: Block) -> str:
    """What stands between two entries: in this block, else in most blocks of the file."""
    if len(block.entries) > 1:
        before, last = block.entries[-2:]
        return _gap(document.text, before.end, last.verb.start)
    return _most_common(document, "semicolons") or f" ;{newline(document.text)}{INDENT}"


def _most_common(document: Document, kind: str) -> str:
    """The most common separator of objects (on one line) or of entries (on two) in the file."""
    text, gaps = document.text, Counter[str]()
    for block in document.blocks:
        if kind == "commas":
            pairs = [
                (before.end, after.start)
                for entry in block.entries
                for before, after in zip(entry.objects, entry.objects[1:], strict=False)
            ]
        else:
            entries = block.entries
            following = itertools.pairwise(entries)
            pairs = [(before.end, after.verb.start) for before, after in following]
        gaps.update(_gap(text, start, end) for start, end in pairs)
    fits = ("," if kind == "commas" else ";", kind == "semicolons")
    usual = [gap for gap, _ in gaps.most_common() if (gap.strip(), "\n" in gap) == fits]
    return usual[0] if usual else ""


def _gap(text: str, start: int, end: int) -> str:
    """What stands between two parts of a block, without comments."""
    return _COMMENT.sub("", text[start:end])


def _further_block(document: Document, statement: ox.Triple) -> TextEdit:
    text, names, line = document.text, document.names, newline(document.text)
    subject = (
        written(statement.subject, names) if isinstance(statement.subject, ox.NamedNode) else ""
    )
    block = (
        f"{subject} {written_verb(statement.predicate, names)} {written_object(statement, names)} ."
    )
    ends = not text.strip("\ufeff") or text.endswith(("\n", "\r"))
    gap = line if _blank_lines(document) and text.strip("\ufeff \t\r\n") else ""
    if ends:
        return TextEdit(len(text), len(text), f"{gap}{block}{line}")
    return TextEdit(len(text), len(text), f"{line}{gap}{block}")


def _blank_lines(document: Document) -> bool:
    """Whether most blocks follow an empty line."""
    text, blocks = document.text, document.blocks
    gaps = [text[a.dot + 1 : b.subject.start] for a, b in itertools.pairwise(blocks)]
    separated = sum(re.search(r"\n[ \t]*\r?\n", gap) is not None for gap in gaps)
    return 2 * separated > len(gaps) or not gaps
