"""A folder whose files are read once, without following a link out of it."""

from __future__ import annotations

import os
import stat
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.errors import CodeError
from kgtransfer.trust.exposure import exposed

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MAX_BYTES", "MAX_FILES", "FolderReader"]

MAX_DEPTH = 32
MAX_FILES = 1_000
MAX_BYTES = 8 * 2**20
"""Of all files of one unit of code together."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class FolderReader:
    """Reads files below a folder by their names, part by part from the open folder.

    What is looked at is what is read: owner and permissions are those of the open file, and no
    part of a name may be a link.

    Args:
        root: the folder, resolved.

    Attributes:
        root: the folder.
        exposures: what of the folders and files that were opened others could change, and why.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.exposures: list[str] = []
        self._files, self._bytes = 0, 0

    def read(self, name: str) -> bytes | None:
        """The content of a file, by its name with slashes; None where there is none.

        Raises:
            CodeError: it is a link, no regular file, unreadable, or more than is read of a unit.
        """
        *folders, leaf = name.split("/")
        with self._opened(folders) as folder:
            if folder is None or not self._has(folder, leaf, name):
                return None
            try:
                handle = os.open(leaf, _FILE, dir_fd=folder)
            except OSError as error:
                raise self._refusal(name, f"cannot be read ({error.strerror})") from error
            with os.fdopen(handle, "rb") as file:
                status = os.fstat(handle)
                if not stat.S_ISREG(status.st_mode):
                    raise self._refusal(name, "is no regular file")
                self._note(name, status)
                content = file.read(MAX_BYTES - self._bytes + 1)
        self._count(len(content))
        return content

    def names(self, folder: str) -> list[str]:
        """The names in a folder below the root (`""`: the root itself), sorted."""
        with self._opened(folder.split("/") if folder else []) as opened:
            return [] if opened is None else sorted(os.listdir(opened))  # noqa: PTH208  # by its handle

    def is_folder(self, name: str) -> bool:
        """Whether a name is a folder, no link to one."""
        with self._opened(name.split("/")) as opened:
            return opened is not None

    @contextmanager
    def _opened(self, parts: list[str]) -> Iterator[int | None]:
        """A folder's handle, by way of the folders above it; None where one is none."""
        if len(parts) > MAX_DEPTH:
            raise CodeError(
                f"{self.root / parts[0]} has folders more than {MAX_DEPTH} deep",
                cure="keep what is to run in a folder of its own",
            )
        with ExitStack() as stack:
            handle = os.open(self.root, _FOLDER)
            stack.callback(os.close, handle)
            self._note("", os.fstat(handle))
            for place, part in enumerate(parts, start=1):
                try:
                    handle = os.open(part, _FOLDER, dir_fd=handle)
                except OSError:
                    self._has(handle, part, "/".join(parts[:place]))  # refuses a link
                    yield None
                    return
                stack.callback(os.close, handle)
                self._note("/".join(parts[:place]), os.fstat(handle))
            yield handle

    def _has(self, folder: int, leaf: str, name: str) -> bool:
        try:
            status = os.stat(leaf, dir_fd=folder, follow_symlinks=False)
        except OSError:
            return False
        if stat.S_ISLNK(status.st_mode):
            raise self._refusal(name, "is a symbolic link, which code may not be")
        return not stat.S_ISDIR(status.st_mode)

    def _note(self, name: str, status: os.stat_result) -> None:
        reason = exposed(status)
        if reason and (exposure := f"{self.root / name} {reason}") not in self.exposures:
            self.exposures.append(exposure)

    def _count(self, size: int) -> None:
        self._files, self._bytes = self._files + 1, self._bytes + size
        if self._files > MAX_FILES or self._bytes > MAX_BYTES:
            raise CodeError(
                f"{self.root}: more than {MAX_FILES:,} files or {MAX_BYTES // 2**20} MiB of code",
                cure="keep what is to run in a folder of its own, or install it as a package",
            )

    def _refusal(self, name: str, what: str) -> CodeError:
        return CodeError(f"{self.root / name} {what}", cure="put the file itself in its place")
