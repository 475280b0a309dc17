"""Where a source file stands -> the name of its module, and what import paths in it mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from kgtransfer.code.languages.tables import LANGUAGES

if TYPE_CHECKING:
    from kgtransfer.code.languages.tables import Language

__all__ = ["Place"]

SOURCE_FOLDERS = ("src",)  # no part of a module's name
_SUFFIXES = frozenset(suffix for language in LANGUAGES.values() for suffix in language.grammars)


@dataclass(frozen=True)
class Place:
    """Where a file stands: the name of its module, and what import paths in it mean."""

    module: str  # its name
    folder: PurePosixPath  # relative to the root's parent
    parts: tuple[str, ...]
    language: Language
    imported_as: str = ""  # what others write for the root

    @classmethod
    def of(cls, file: Path, root: Path, language: Language) -> Place:
        """Of a file under a root, which is a folder or the file itself."""
        top = root.parent if root.is_file() else root
        alias = _imported_as(top, language)
        named = (alias.rpartition("/")[2] or top.resolve().name,) if root.is_dir() else ()
        path = PurePosixPath(*named, *file.relative_to(top).parts)
        parts = _module_parts(path, language)
        return cls(".".join(parts), path.parent, parts, language, alias)

    def absolute(self, target: str, module: str) -> str:
        """What an import means, as a dotted name from the root on."""
        if target.startswith('"'):
            path, _, name = target[1:].rpartition('"')
            return ".".join(filter(None, (self._path(path), name.lstrip("."))))
        head, _, rest = target.partition(".")
        if head == "crate":
            return ".".join(filter(None, (_module_name(self._crate()), rest)))
        if head in ("self", "super") and self.language.module == "file":
            above = module if head == "self" else module.rpartition(".")[0]
            return self.absolute(rest, above) if rest.startswith("super") else f"{above}.{rest}"
        return target

    def _path(self, path: str) -> str:
        if self.imported_as and path.startswith(self.imported_as):
            return ".".join([self.parts[0], *path.removeprefix(self.imported_as).split("/")[1:]])
        if path.startswith(".") or PurePosixPath(path).suffix in self.language.grammars:
            joined = (self.folder / path).parts
            inside: list[str] = []
            for part in joined:
                if part == ".." and inside:
                    inside.pop()
                elif part not in (".", ".."):
                    inside.append(part)
            named = PurePosixPath(*inside)
            return ".".join(_module_parts(named, self.language, is_file=False))
        return ".".join(part.replace(".", "_") for part in path.split("/"))

    def _crate(self) -> PurePosixPath:
        parts = self.folder.parts
        return PurePosixPath(*parts[: parts.index("src")] if "src" in parts else parts[:1])


def _imported_as(root: Path, language: Language) -> str:
    """What others import a root as, by its manifest; empty without one."""
    name, keyword = language.manifest
    if not name or not (root / name).is_file():
        return ""
    text = (root / name).read_text(encoding="utf-8", errors="replace")
    found = re.search(rf"^{keyword}\s+(\S+)", text, re.MULTILINE)
    return found[1] if found else ""


def _module_parts(
    path: PurePosixPath, language: Language, *, is_file: bool = True
) -> tuple[str, ...]:
    """Path of a file, or as an import writes it -> the parts of its module's name."""
    name = path.name
    if path.suffix in {*language.grammars, *(() if is_file else _SUFFIXES)}:
        name = path.name.removesuffix(path.suffix)
    folders = tuple(f for f in path.parts[:-1] if f not in SOURCE_FOLDERS)
    stands_for_folder = name in language.own_files or (is_file and language.module == "folder")
    parts = folders if stands_for_folder and folders else (*folders, name)
    return tuple(re.sub(r"[^\w-]", "_", part) for part in parts)


def _module_name(path: PurePosixPath) -> str:
    return ".".join(re.sub(r"[^\w-]", "_", f) for f in path.parts if f not in SOURCE_FOLDERS)
