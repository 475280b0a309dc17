"""Files that are either whole or refused: atomic writes, checked reads."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kgtransfer.errors import RunError
from kgtransfer.utils.bounded import json_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "claim",
    "json_bytes",
    "plain_bytes",
    "read_bytes",
    "read_json",
    "shown",
    "sole",
    "unwritable",
    "write_atomically",
    "written_beside",
]

_CURE = "restore the file from a copy, or make the run again"
_BEFORE = ("store.kglite", "cache", "kept")  # may be made in a run's folder before the run
_CLAIMED = ".kgtransfer-run"  # stands in a folder from the start of the first run that writes there


def write_atomically(
    path: Path, content: bytes, *, private: bool = False, mode: int | None = None
) -> str:
    """Write through a temporary file beside `path`, so that no reader ever sees half of it.

    Args:
        path: the file; a link of that name is replaced, not followed.
        content: what it will hold.
        private: let its owner alone read it, whatever the umask says.
        mode: its permissions, instead of those that a new file gets.

    Returns:
        The content's SHA-256, in hexadecimal.
    """
    with written_beside(path, private=private, mode=mode) as file:
        file.write(content)
    return hashlib.sha256(content).hexdigest()


@contextmanager
def written_beside(
    path: Path, *, private: bool = False, mode: int | None = None
) -> Iterator[BinaryIO]:
    """A file beside `path`, to be written in the block: at its end it takes the path's place.

    Where the block fails it is gone. See `write_atomically` for what is too large for memory.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if not private:  # as mkstemp made it
            Path(name).chmod(0o666 & ~_umask() if mode is None else stat.S_IMODE(mode))
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def plain_bytes(path: Path) -> bytes:
    """File -> its content; a pipe or a device, which may have no end, is refused.

    Raises:
        OSError: it cannot be read, or is no plain file.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except ValueError as error:  # a NUL in the name, which may come from a file
        raise OSError(errno.EINVAL, str(error), str(path)) from error
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "no plain file", str(path))
        return file.read()


def read_bytes(path: Path, sha256: str | None = None) -> bytes:
    """File of a run -> its content, checked against its digest.

    Raises:
        RunError: the file is missing or its digest is not `sha256`.
    """
    try:
        content = plain_bytes(path)
    except OSError as error:
        raise RunError(f"{path}: cannot be read ({error.strerror})", cure=_CURE) from error
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise RunError(f"{path}: damaged, or not the file that the run wrote", cure=_CURE)
    return content


def read_json(path: Path, sha256: str | None = None) -> dict[str, Any]:
    """JSON file of a run -> the object that it holds.

    Raises:
        RunError: the file is missing, damaged, or holds something other than an object.
    """
    try:
        value = json_value(read_bytes(path, sha256))
    except ValueError as error:
        raise RunError(f"{path}: not JSON, perhaps cut off ({error})", cure=_CURE) from error
    if not isinstance(value, dict):
        raise RunError(f"{path}: holds no JSON object", cure=_CURE)
    return value


def claim(folder: Path) -> None:
    """Make the folder that a run will write to, or take one that a run of ours wrote to before.

    Raises:
        RunError: it is a file, or holds files that no run wrote and that this one might replace.
    """
    if folder.exists() and not folder.is_dir():
        raise RunError(f"{folder} is a file", cure="give --out a folder, new or old")
    if folder.is_dir() and any(map(_is_strange, folder.iterdir())) and not _is_ours(folder):
        raise RunError(
            f"{folder} holds files that no run wrote", cure="name a new or empty folder: --out PATH"
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _CLAIMED).touch()  # in one step: another process that claims it sees no stranger


def _is_strange(path: Path) -> bool:
    return not path.name.startswith(_BEFORE)


def _is_ours(folder: Path) -> bool:
    if (folder / _CLAIMED).is_file():
        return True
    try:
        result = read_json(folder / "result.json")
    except RunError:
        return False
    return "environment" in result or "sha256" in result


@contextmanager
def sole(path: Path, doing: str) -> Iterator[None]:
    """Hold a lock file; the system lets go of it when its holder ends, however it ends.

    Raises:
        RunError: another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunError(
                f"another process is {doing}", cure="wait for its end, then try again"
            ) from error
        yield


def shown(path: Path) -> str:
    """Path -> its text for people, relative to the current folder where it lies below."""
    current = Path.cwd()
    return str(path.relative_to(current) if path.is_relative_to(current) else path)


def json_bytes(value: object) -> bytes:
    """Value -> strict, indented JSON in UTF-8; numpy scalars and arrays as numbers and lists.

    Raises:
        ValueError: a number is not finite: JSON has no word for it.
    """
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False, default=_plain)
    return f"{text}\n".encode()


def unwritable(value: Any) -> str:
    """Value -> the place in it of what JSON cannot hold, `gates.kg[2]`; empty where it can."""
    try:
        json_bytes(value)
    except (TypeError, ValueError, RecursionError):
        parts: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, Mapping) else ()
        if isinstance(value, list | tuple):
            parts = enumerate(value)
        for key, part in parts:
            try:
                json_bytes(part)
            except (TypeError, ValueError):
                inner = unwritable(part)
                return f"{key!r}" + (f", {inner}" if inner != "it" else "")
        return "it"
    return ""


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
