"""`Output`: what a verb says of a run, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["Output"]


@dataclass(frozen=True)
class Output:
    """The answer of a kind of sample, ready to be printed.

    Attributes:
        values: JSON-able.
        parts: the same for people: lines of text and tables, in the order in which they are shown.
    """

    values: Any
    parts: tuple[str | Table, ...]
