"""The line of a place in a text: a text is searched for its line ends once, however many places."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["line_finder"]


def line_finder(text: str) -> Callable[[int], int]:
    """Text -> a function from a place (index from 0) in it to its line (from 1)."""
    ends = [match.start() for match in re.finditer("\n", text)]
    return lambda place: bisect_left(ends, place) + 1
