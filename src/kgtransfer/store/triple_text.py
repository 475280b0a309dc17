"""A graph's facts as its canonical text (`KnowledgeGraph.canonical`): compared, found and cut.

One text of sorted lines, and not a list of them: a million facts are compared in milliseconds,
and written to a file or read as they are.
"""

from __future__ import annotations

from typing import TypeAlias

__all__ = ["Facts", "about", "changed_subjects"]

Facts: TypeAlias = bytes  # a line each, sorted

BLOCK = 1 << 16  # bytes compared at once


def about(facts: Facts, term: str) -> list[str]:
    """The facts with that subject (`<iri>` or `_:name`)."""
    start = _place(facts, f"{term} ".encode())
    end = _place(facts, f"{term}!".encode(), start)  # ! is what follows a space
    return facts[start:end].decode().split("\n")[:-1]


def changed_subjects(old: Facts, new: Facts) -> set[str]:
    """Subjects of the facts that only one of two graphs has.

    Both are walked in blocks of whole lines; where they differ, a block's last line says up to
    where the other side has to be looked at.
    """
    changed: set[bytes] = set()
    start = place = 0
    while start < len(old):
        full = old.rfind(b"\n", start, start + BLOCK) + 1
        end = full or old.index(b"\n", start) + 1  # a line longer than a block
        block = old[start:end]
        if new.startswith(block, place):
            place += len(block)
        else:
            last = old.rfind(b"\n", start, end - 1) + 1 or start
            stop = _place(new, old[last : end - 1] + b"\0", place)
            changed |= set(block.split(b"\n")) ^ set(new[place:stop].split(b"\n"))
            place = stop
        start = end
    changed.update(new[place:].split(b"\n"))
    return {fact[: fact.index(b" ")].decode() for fact in changed if fact}


def _place(facts: Facts, line: bytes, low: int = 0) -> int:
    """Where the first of the facts (from the one at `low` on) begins that sorts after `line`."""
    high = len(facts)
    while low < high:
        start = facts.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = facts.index(b"\n", start)
        if facts[start:end] < line:
            low = end + 1
        else:
            high = start
    return low
