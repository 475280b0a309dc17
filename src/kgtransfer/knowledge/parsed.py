"""`ParsedFile`: what one ontology file says, and where in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pyoxigraph as ox

__all__ = ["ParsedFile"]


@dataclass(frozen=True)
class ParsedFile:
    """One ontology file: what it says and where.

    Attributes:
        path: the file as it was given.
        triples: its triples; blank nodes have names of their own in every file.
        prefixes: prefix -> namespace as declared in the file.
        locate: finds the positions; they are needed only where there is something to report.
    """

    path: Path
    triples: tuple[ox.Triple, ...] = field(repr=False)
    prefixes: Mapping[str, str]
    locate: Callable[[], Mapping[str, int]] = field(repr=False)

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Subject IRI -> line (from 1) of its first description."""
        return self.locate()
