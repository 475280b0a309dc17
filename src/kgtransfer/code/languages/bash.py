"""Text of a shell command -> the programs that it runs, with their flags and other words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Invocation", "invocations"]

TOKEN = re.compile(r"""'[^']*'|"[^"]*"|`|\$\(|\|\||&&|[|;<>]|[^\s|;<>`]+""")
BETWEEN = frozenset({"|", "||", "&&", ";", "`", "$("})
#: Words that stand before the name of a program.
OPENING = frozenset(
    ["sudo", "do", "then", "else", "if", "while", "time", "exec", "{", "!", "(", "done", "fi"]
)
FLAG = re.compile(r"--?[A-Za-z][\w-]*")
SHORT_FLAGS = re.compile(r"-[A-Za-z]{2,3}")  # such as -xzf, three at once; not find -type
SHORT = 2  # characters of a value that belongs to its flag, as in -type d


@dataclass(frozen=True)
class Invocation:
    """A program and what it is given.

    Attributes:
        name: of the program, without its folder, in lower case.
        flags: each, and each with its value where that is short: `-type`, `-type d`.
        words: all else, without quotes.
    """

    name: str
    flags: frozenset[str]
    words: tuple[str, ...]


def invocations(code: str) -> list[Invocation]:
    """Text of a command -> the programs that it runs, in order; nothing is run."""
    calls: list[list[str]] = [[]]
    for token in TOKEN.findall(code):
        if token in BETWEEN:
            calls.append([])
        elif calls[-1] or token not in OPENING:
            calls[-1].append(token)
    return [_invocation(tokens) for tokens in calls if tokens]


def _invocation(tokens: list[str]) -> Invocation:
    flags: set[str] = set()
    for token, after in pairwise([*tokens[1:], ""]):
        if found := FLAG.match(token):
            flags.add(found[0])
            value = after.strip("'\"")
            if value.isalnum() and len(value) <= SHORT:
                flags.add(f"{found[0]} {value}")
            if SHORT_FLAGS.fullmatch(token):
                flags |= {f"-{letter}" for letter in token[1:]}
    words = (token.strip("'\"") for token in tokens[1:] if not token.startswith("-"))
    return Invocation(tokens[0].rpartition("/")[2].lower(), frozenset(flags), tuple(words))
