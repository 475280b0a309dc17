"""`CodeUnit`: the local files that some code is made of, read once, hashed and run as one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import CodeError
from kgtransfer.trust.importing import import_unit, value_of
from kgtransfer.trust.reader import MAX_FILES, FolderReader
from kgtransfer.trust.sources import checked_names, collect, parsed
from kgtransfer.utils.bounded import json_value
from kgtransfer.utils.files import json_bytes, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["INDEX", "CodeUnit", "Origin"]

INDEX = "unit.json"
"""Beside the files of a saved unit: its entry, its hash, and the digest of each file."""
_FORMAT = "kgtransfer code unit 1"
_AGAIN = "restore the folder from a copy, or make the run again"


@dataclass(frozen=True)
class Origin:
    """Where a unit was read from.

    Attributes:
        path: the file, or the folder of a saved unit.
        root: the folder that the names of the files begin at.
        exposures: which of the files and folders others could change when they were read, and why.
        is_saved: whether it came with a run.
    """

    path: Path
    root: Path
    exposures: tuple[str, ...] = ()
    is_saved: bool = False


@dataclass(frozen=True, eq=False)
class CodeUnit:
    """Source files that are hashed together, and run from the very bytes that were hashed.

    Args:
        entry: name of the file that is imported first.
        files: content by name, relative, with slashes; every local file that may be imported.
        origin: where they were read from.

    Raises:
        CodeError: a name is none of a module, or the entry is not among the files.
    """

    entry: str
    files: Mapping[str, bytes]
    origin: Origin | None = None

    def __post_init__(self) -> None:
        if self.entry not in self.files:
            raise CodeError(f"{self.entry!r} is not among the files of the unit")
        files = dict(sorted(checked_names(self.files).items()))
        object.__setattr__(self, "files", MappingProxyType(files))

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process gets the very bytes that were hashed here."""
        return CodeUnit, (self.entry, dict(self.files), self.origin)

    @property
    def label(self) -> str:
        """The name shown to people: the path, or the name of its entry."""
        return str(self.origin.path) if self.origin else self.entry

    @cached_property
    def hash(self) -> str:
        """SHA-256 over entry, names and contents, each led by its length: 64 hex digits."""
        digest = hashlib.sha256()
        parts = [_FORMAT.encode(), self.entry.encode()]
        for name, content in self.files.items():
            parts += [name.encode(), content]
        for part in parts:
            digest.update(len(part).to_bytes(8, "big") + part)
        return digest.hexdigest()

    @classmethod
    def read(cls, path: str | Path) -> CodeUnit:
        """Read a Python file with what it imports beside it, a package, or a saved unit.

        Args:
            path: a `.py` file, the folder of a package, or a folder that `save` wrote.

        Raises:
            CodeError: it is none of these, or a file of it is a link, compiled, no UTF-8, no
                Python, too large, or (of a saved unit) not what was saved.
        """
        try:
            return cls._read(Path(path))
        except (OSError, ValueError) as error:  # no permission, a name too long or with a NUL
            raise CodeError(f"{path}: cannot be read ({error})", cure="check the path") from error

    @classmethod
    def _read(cls, path: Path) -> CodeUnit:
        # The last part stays as it is: a link there is refused, not followed.
        place = path.parent.resolve() / path.name if path.name not in ("", "..") else path
        if place.is_dir():
            place = place.resolve()
            if (place / INDEX).exists():
                return cls._read_saved(place)
            place /= "__init__.py"
            if not place.exists():
                raise CodeError(
                    f"{path} holds no package and no saved code", cure="name a .py file"
                )
        if place.suffix != ".py":
            raise CodeError(f"{path} is no Python file", cure="name a .py file")
        if not place.parent.is_dir():
            raise CodeError(f"{path}: no such file", cure="check the path")
        root = place.parent
        while (root / "__init__.py").is_file() and root != root.parent:
            root = root.parent
        reader, entry = FolderReader(root), place.relative_to(root).as_posix()
        files = collect(reader, entry)
        return cls(entry, files, Origin(place, root, tuple(reader.exposures)))

    @classmethod
    def _read_saved(cls, folder: Path) -> CodeUnit:
        """A unit from its folder: the files that `unit.json` names, and no other."""
        reader = FolderReader(folder)
        entry, sha256, digests = _index(reader.read(INDEX) or b"", folder / INDEX)
        files = {}
        for name in checked_names(dict.fromkeys(digests, b"")):
            content = reader.read(name)
            if content is None or hashlib.sha256(content).hexdigest() != digests[name]:
                raise CodeError(f"{folder / name}: missing, or not what was saved", cure=_AGAIN)
            parsed(content, str(folder / name))
            files[name] = content
        unit = cls(entry, files, Origin(folder, folder, tuple(reader.exposures), is_saved=True))
        if unit.hash != sha256:
            raise CodeError(f"{folder}: not the code that was saved there", cure=_AGAIN)
        return unit

    def load(self, attribute: str = "") -> Any:
        """Execute the unit: the module of its entry, or what the module calls `attribute`.

        Whether it may run is not asked here: see `kgtransfer.trust.require_trust`.

        Raises:
            CodeError: the code fails while it is imported, or defines no such attribute.
        """
        root = self.origin.root if self.origin else None
        module = import_unit(self.hash, self.entry, self.files, root)
        return value_of(module, attribute, self.label)

    def save(self, folder: str | Path) -> Path:
        """Write the files and, last, `unit.json` with their digests; gives the folder back."""
        folder = Path(folder)
        digests = {
            name: write_atomically(folder / name, content) for name, content in self.files.items()
        }
        index = {"format": _FORMAT, "entry": self.entry, "hash": self.hash, "files": digests}
        write_atomically(folder / INDEX, json_bytes(index))
        return folder


def _index(content: bytes, place: Path) -> tuple[str, str, dict[str, str]]:
    """Content of a `unit.json` -> entry, hash, and digest by name."""
    try:
        index = json_value(content)
        entry, sha256, digests = index["entry"], index["hash"], index["files"]
        is_right = index["format"] == _FORMAT and 0 < len(digests) <= MAX_FILES
        texts = [entry, sha256, *digests, *digests.values()]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CodeError(f"{place}: no index of saved code ({error})", cure=_AGAIN) from error
    if not is_right or not all(isinstance(text, str) for text in texts):
        raise CodeError(f"{place}: no index of saved code", cure=_AGAIN)
    return entry, sha256, digests
