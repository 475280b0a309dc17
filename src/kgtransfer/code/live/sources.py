"""Source files -> their modules; a file is parsed again only where its content changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgtransfer.code.languages.reading import (
    chosen_languages,
    read_file,
    say_passed_over,
    source_files,
)
from kgtransfer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kgtransfer.code.languages.reading import PassedOver
    from kgtransfer.code.languages.source import SourceModule
    from kgtransfer.code.languages.tables import Language

__all__ = ["Sources"]

PACKAGE = "__init__.py"  # where it stands decides the names of the modules beside and below it


@dataclass(frozen=True)
class _Read:
    """A file as it was read: when it was written, how large it was, its digest, its module."""

    stamp: tuple[int, int, int]
    digest: bytes
    module: SourceModule | None


class Sources:
    """Files and folders of a code base, as they are now.

    Args:
        paths: folders and single files.
        languages: those to read; every known one where there is none.

    Raises:
        ConfigError: no language of a name is known.
    """

    def __init__(self, paths: Sequence[Path], languages: Sequence[str | Language] = ()) -> None:
        self.paths = tuple(paths)
        self._languages = chosen_languages(languages)
        self._read: dict[Path, _Read] = {}
        self._layout: object = None

    def modules(self) -> list[SourceModule]:
        """All modules; those whose files stayed are the same objects as before.

        Raises:
            DataError: a path does not exist, or there is no module.
        """
        passed_over: list[PassedOver] = []
        files = dict(self._files())
        layout = self._layout_of(files)
        before = self._read if layout == self._layout else {}
        self._read, self._layout = {}, layout
        for file, root in files.items():
            try:
                self._read[file] = self._again(file, root, before.get(file), passed_over)
            except OSError:  # removed since it was listed, or not ours to read
                continue
        if passed_over:
            say_passed_over(passed_over)
        modules = [read.module for read in self._read.values() if read.module is not None]
        if not modules:
            raise DataError("no source code is left", cure="check the path of the code base")
        return modules

    def _files(self) -> Iterator[tuple[Path, Path]]:
        """Each file, and the path that it was found under."""
        for path in self.paths:
            if not path.exists():
                raise DataError(f"{path} does not exist", cure="check the path of the code base")
            yield from ((file, path) for file in source_files(path, self._languages))

    def _layout_of(self, files: dict[Path, Path]) -> object:
        """What, beside its path and content, the name of a module depends on."""
        packages = [file for file in files if file.name == PACKAGE]
        names = {table.manifest[0] for table in self._languages.values() if table} - {""}
        manifests = [
            file for path in self.paths for name in names if (file := path / name).is_file()
        ]
        return packages, [(file, file.read_bytes()) for file in sorted(manifests)]

    def _again(
        self, file: Path, root: Path, before: _Read | None, passed_over: list[PassedOver]
    ) -> _Read:
        status = file.stat()
        stamp = status.st_mtime_ns, status.st_size, status.st_ino
        if before is not None and before.stamp == stamp:
            return before
        digest = hashlib.sha256(file.read_bytes()).digest()
        if before is not None and before.digest == digest:
            return _Read(stamp, digest, before.module)
        module, problem = read_file(file, root, self._languages)
        passed_over += [problem] if problem else []
        return _Read(stamp, digest, module)
