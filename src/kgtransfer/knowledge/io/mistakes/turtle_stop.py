"""Where a Turtle parser gave up, as the words and marks around the place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["TOKEN", "Mistake", "Stop", "Token", "statement_start", "stop_at"]

TOKEN = re.compile(
    r"""
      (?P<skip> \s+ | \#[^\n]* )
    | (?P<text> (?: \"{3}(?:[^"\\]|\\.|"{1,2}(?!"))*\"{3} | '{3}(?:[^'\\]|\\.|'{1,2}(?!'))*'{3}
                  | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
                (?: @[A-Za-z][\w-]* | \^\^ (?: <[^<>\s]*> | [\w.-]*:[\w.-]* ) )? )
    | (?P<iri> <[^<>"{}|^`\\\s]*> )
    | (?P<open> [\[(] ) | (?P<close> [\])] )
    | (?P<mark> [.;,] (?! \d ) )
    | (?P<name> (?: [^\s<>"'()\[\]{};,.\\] | \\. | \.+ (?= [^\s<>"'()\[\]{};,.] ) )+ )
    | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
WINDOW = 200_000
"""Letters before a mistake that are looked at."""


class Mistake(NamedTuple):
    """A mistake in a text.

    Attributes:
        place: where it is, counted in letters from 0.
        message: what is wrong.
        cure: what to write instead.
    """

    place: int
    message: str
    cure: str


class Token(NamedTuple):
    """A word of Turtle; a bracket with all that it holds is one word too."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Stop:
    """Where a Turtle parser gave up.

    Attributes:
        text: the whole text.
        place: the place it complains of, in letters from 0.
        complaint: what it complains of.
        run: the words between the two marks (or brackets) around the place.
        at: which of them the place is at.
        before: the mark or bracket before the run; None at the start of the text.
        subject: the first word of the statement; None where nothing is before the run.
    """

    text: str
    place: int
    complaint: str
    run: tuple[Token, ...]
    at: int
    before: Token | None
    subject: Token | None

    @property
    def line(self) -> str:
        """The line that the place is in."""
        start = self.text.rfind("\n", 0, self.place) + 1
        return self.text[start:].partition("\n")[0]

    @property
    def word(self) -> str:
        """The word at the place, up to the next space."""
        match = re.compile(r"\S*").match(self.text, self.place)
        return match.group() if match else ""

    def line_number(self, place: int) -> int:
        """Place -> the number (from 1) of its line."""
        return self.text.count("\n", 0, place) + 1

    def column(self, token: Token) -> int:
        """Token -> how many letters stand before it in its line."""
        return token.start - self.text.rfind("\n", 0, token.start) - 1


def stop_at(text: str, place: int, complaint: str) -> Stop:
    """Text and place -> the words around it; of nested brackets the innermost open there."""
    levels: list[list[Token]] = [[]]
    for match in TOKEN.finditer(text, statement_start(text, place)):
        kind, start = match.lastgroup or "", match.start()
        opened_later = len(levels) > 1 and levels[-2][-1].start >= place
        if start >= place and kind in ("mark", "close") and not opened_later:
            break
        if kind == "skip":
            continue
        token = Token(kind, match.group(), start, match.end())
        if kind == "close" and len(levels) > 1:
            levels.pop()
            opened = levels[-1].pop()
            token = Token("name", "[]", opened.start, match.end())
        levels[-1].append(token)
        if kind == "open":
            levels.append([])
    # What opens after the place belongs to the run around it.
    while len(levels) > 1 and levels[-2][-1].start >= place:
        levels.pop()
    level = levels[-1]
    marks = [n for n, token in enumerate(level) if token.kind == "mark" and token.start < place]
    before = level[marks[-1]] if marks else (levels[-2][-1] if len(levels) > 1 else None)
    run = tuple(t for t in level[marks[-1] + 1 if marks else 0 :] if t.kind != "mark")
    at = sum(token.end <= place for token in run)
    stops = [n for n in marks if level[n].text == "."]
    first = stops[-1] + 1 if stops else 0
    subject = level[first] if first < len(level) and len(levels) == 1 else None
    return Stop(text, place, complaint, run, at, before, subject)


def statement_start(text: str, place: int) -> int:
    """Place -> the start of the text, or of a statement well before the place."""
    return max(text.rfind(".\n", 0, max(place - WINDOW, 0)) + 1, 0)
