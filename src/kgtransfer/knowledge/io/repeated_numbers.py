"""Decimal commas that a graph keeps no trace of: `kgt:minimum 1,1` says 1 twice."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.axioms.numbers import DECIMAL_MARK, NUMBERS
from kgtransfer.knowledge.io.syntax_errors import located_error
from kgtransfer.knowledge.vocabulary import KGT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["refuse_repeated_number"]

_TWICE = re.compile(r"(?<![\w.,+-])(([+-]?\d+),\2)(?![\w.,])")


def refuse_repeated_number(text: str, path: Path, triples: Sequence[ox.Triple]) -> None:
    """Raises an `OntologyError` for a number that Turtle says twice of a property that has one.

    A graph holds it once: only the text tells that `1,1` was written, and 1.1 meant.
    """
    if twice := _repeated_number(text, triples):
        place, written = twice.start(), twice.group(1)
        line, column = text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)
        cure = f"write {written.replace(',', '.')}: {DECIMAL_MARK}"
        raise located_error(f"{written} is one number twice", text, path, line, column, cure)


def _repeated_number(text: str, triples: Sequence[ox.Triple]) -> re.Match[str] | None:
    """Text and its triples -> where a number stands twice, as `1,1`; None for nowhere."""
    properties = {KGT + name for name in NUMBERS}
    for match in _TWICE.finditer(text) if KGT in text else ():
        for triple, following in pairwise(triples):
            if (
                triple == following
                and triple.predicate.value in properties
                and isinstance(triple.object, ox.Literal)
                and triple.object.value == match.group(2)
            ):
                return match
    return None
