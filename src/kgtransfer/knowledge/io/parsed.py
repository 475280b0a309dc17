"""`ParsedFile`: what one ontology file says, and where in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from kgtransfer.knowledge.io.lines import line_finder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pyoxigraph as ox

__all__ = ["ParsedFile"]

WORD = re.compile(r"<[^<>\s]*>|[^\s<>()\[\]{},;\"'|^`\\]+")
"""An IRI in brackets, or what stands between spaces, brackets and quotes."""


@dataclass(frozen=True)
class ParsedFile:
    """One ontology file: what it says and where.

    Attributes:
        path: the file as it was given.
        triples: its triples; blank nodes have names of their own in every file.
        prefixes: prefix -> namespace as declared in the file.
        locate: finds the positions; they are needed only where there is something to report.
        text: the file's text, its XML entities written out.
    """

    path: Path
    triples: tuple[ox.Triple, ...] = field(repr=False)
    prefixes: Mapping[str, str]
    locate: Callable[[], Mapping[str, int]] = field(repr=False)
    text: str = field(repr=False, default="")

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Subject IRI -> line (from 1) of its first description."""
        return self.locate()

    def mention(self, iri: str, start: int = 1) -> int | None:
        """IRI -> the first line (from 1), not before `start`, that names it; None for no line."""
        names = self.written(iri)
        if start == 1:
            lines = (self._mentions[name] for name in names if name in self._mentions)
            return min(lines, default=None)
        for number, line in enumerate(self.text.split("\n")[start - 1 :], start):
            if any(_word(match) in names for match in WORD.finditer(line)):
                return number
        return None

    def written(self, iri: str) -> tuple[str, ...]:
        """IRI -> the ways to write it in the file: in full, and by each prefix that fits."""
        spaces = ((f"{p}:", space) for p, space in self.prefixes.items() if iri.startswith(space))
        return (iri, *(prefix + iri.removeprefix(space) for prefix, space in spaces))

    @cached_property
    def _mentions(self) -> Mapping[str, int]:
        """Word -> the line that it first stands in: thousands of terms are looked for as one."""
        mentions, line = dict[str, int](), line_finder(self.text)
        for match in WORD.finditer(self.text):
            mentions.setdefault(_word(match), line(match.start()))
        return mentions


def _word(match: re.Match[str]) -> str:
    return match.group().strip("<>").rstrip(".=")
