"""Functions -> the lines just above them in their own files, without any graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kgtransfer.code.languages.source import SourceModule

__all__ = ["lines_above", "under_lines"]

MOST_LINES = 10  # that are not empty


def lines_above(modules: Iterable[SourceModule]) -> dict[str, str]:
    """Modules -> for each definition, by its qualified name, the lines of code above it.

    They are taken from the definitions before it, whose documentation is in none: it is what others
    are searched by.
    """
    above: dict[str, str] = {}
    for module in modules:
        lines: list[str] = []
        for definition in sorted(module.definitions, key=lambda d: d.line):
            above[definition.qualified] = "\n".join(lines[-MOST_LINES:])
            lines += [line for line in definition.code.splitlines() if line.strip()]
    return above


def under_lines(code: str, above: str) -> str:
    """Code -> the same under the lines above it."""
    return f"{above}\n{code}" if above else code
