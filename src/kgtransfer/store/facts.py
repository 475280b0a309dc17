"""A graph's facts as sorted N-Triples without the final dot: compared, found and cut as text.

Facts are a sorted sequence of strings or of triples whose `str` is that string; triples become
text only where somebody looks, which is most of the time saved.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import pyoxigraph as ox

__all__ = ["Facts", "about", "changed_subjects"]

Facts: TypeAlias = Sequence[str] | Sequence[ox.Triple]

CHUNK = 512  # facts compared at once


def about(facts: Facts, term: str) -> list[str]:
    """The facts with that subject (`<iri>` or `_:name`)."""
    start = bisect_left(facts, f"{term} ", key=str)
    end = bisect_left(facts, f"{term}!", lo=start, key=str)  # ! is what follows a space
    return [str(fact) for fact in facts[start:end]]


def changed_subjects(old: Facts, new: Facts) -> set[str]:
    """Subjects of the facts that only one of two graphs has.

    Both are walked in steps of `CHUNK` facts; where they differ, the step's last fact says up to
    where the other side has to be looked at.
    """
    changed: set[str] = set()
    place = 0
    for start in range(0, len(old), CHUNK):
        chunk = old[start : start + CHUNK]
        if chunk == new[place : place + len(chunk)]:
            place += len(chunk)
            continue
        end = bisect_right(new, str(chunk[-1]), lo=place, key=str)
        changed |= _subjects(set(map(str, chunk)) ^ set(map(str, new[place:end])))
        place = end
    return changed | _subjects(map(str, new[place:]))


def _subjects(facts: Iterable[str]) -> set[str]:
    return {fact[: fact.index(" ")] for fact in facts}
