"""What source code says of itself, the same in every language: modules and definitions."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Definition", "SourceModule", "unique"]


@dataclass(frozen=True)
class Definition:
    """A class or function as written.

    Attributes:
        qualified: dotted name from the top-level package on, `json.decoder.JSONDecoder.decode`.
        parent: qualified name of the class or module it stands in.
        docstring: its documentation, without comment marks and tags.
        code: its source without the documentation, dedented.
        calls: dotted names of what it calls, as written (`self.decode`, `os.path.join`), in the
            order of the source; the receiver of a method is `self` in every language.
        types: names of the declared types of its parameters.
        returns: names in the declared type of its result.
        returned: the first name or literal that it returns, as written.
        is_hidden: whether a modifier (`private`) says that it is not for others.
    """

    kind: str  # "class", "function" or "method"
    name: str
    qualified: str
    parent: str
    module: str
    line: int
    docstring: str
    code: str
    parameters: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()
    decorators: tuple[str, ...] = ()
    returned: str = ""
    is_hidden: bool = False
    language: str = "python"

    @property
    def is_public(self) -> bool:
        """Not hidden, and no part of the dotted name starts with an underscore."""
        return not self.is_hidden and not any(p.startswith("_") for p in self.qualified.split("."))


@dataclass(frozen=True)
class SourceModule:
    """One source file: its documentation, the names it imports and the definitions in it.

    Where a language has packages of files (Java, Go), files of one package share a name.
    """

    name: str
    path: Path
    docstring: str
    imports: dict[str, str] = field(default_factory=dict)  # local alias -> qualified name
    definitions: tuple[Definition, ...] = ()
    language: str = "python"


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Names without the empty and the repeated ones, in order."""
    return tuple(dict.fromkeys(name for name in names if name))
