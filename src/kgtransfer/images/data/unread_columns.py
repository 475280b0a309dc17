"""Columns of a table that nothing reads: named once, with what they may have been meant for."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

from kgtransfer.images.data.folder import TABLE
from kgtransfer.images.data.groups import GROUP
from kgtransfer.utils.progress import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from kgtransfer.images.data.folder import Images

__all__ = ["meant", "tell_of_unread_columns"]

KNOWN = ("image", "label", "split", "domain", GROUP)
GROUPS = {"case", "patient", "patients", "slide", "slides", "subject", "smear", "specimen"}
"""Names, in small letters, of columns that probably say which images belong together."""
NAMED = 8  # columns that a line names


def meant(name: str, known: Iterable[str] = KNOWN) -> str:
    """Name of a column -> the known one that it may be a slip of; empty where there is none."""
    close = get_close_matches(name.strip().lower(), list(known), n=1, cutoff=0.7)
    return close[0] if close and close[0] != name else ""


def tell_of_unread_columns(images: Images, read: Collection[str]) -> None:
    """Say which columns of a data set's table nothing reads; once, however often it is read.

    Args:
        images: as their table has them.
        read: names of the columns that are read.
    """
    unread = [name for name in images.columns if name not in read]
    if not unread:
        return
    hints = [f"is {name!r} meant to be {meant(name)!r}?" for name in unread if meant(name)]
    hints += [
        f'[data] group = "{name}" keeps together what is of one {name}'
        for name in unread
        if name.lower() in GROUPS and GROUP not in read
    ]
    more = f" and {len(unread) - NAMED} more" if len(unread) > NAMED else ""
    _say_once(
        f"{images.folder / TABLE}: columns that nothing reads: {', '.join(unread[:NAMED])}{more}"
        + "".join(f"; {hint}" for hint in hints)
    )


@lru_cache(maxsize=256)
def _say_once(message: str) -> None:
    say(message)
