"""`TrustStore`: the hashes of code that the user said may run, in his configuration folder."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kgtransfer.errors import CodeError
from kgtransfer.trust.exposure import path_exposed
from kgtransfer.utils.bounded import json_value
from kgtransfer.utils.files import json_bytes, sole, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Code", "TrustStore", "Trusted"]

_VERSION = 1
_SHORTEST = 8  # hex digits that may stand for a hash


class Code(Protocol):
    """Code with a hash: a unit of local files, or an installed distribution's object."""

    @property
    def hash(self) -> str:
        """SHA-256 of all that runs, 64 hex digits."""
        ...

    @property
    def label(self) -> str:
        """The name shown to people."""
        ...


@dataclass(frozen=True)
class Trusted:
    """An entry of the list: code that the user trusts, and when he said so.

    Attributes:
        hash: of the code.
        label: what it was called then.
        date: when, in UTC.
    """

    hash: str
    label: str
    date: str


class TrustStore:
    """The list of trusted hashes that `kgtransfer trust` keeps.

    Args:
        path: the file; by default `kgtransfer/trusted.json` in `$XDG_CONFIG_HOME`, or in
            `~/.config` where that is not set to an absolute path.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = Path(path).absolute() if path else _default()

    def entries(self) -> tuple[Trusted, ...]:
        """All that is trusted, the oldest first.

        Raises:
            CodeError: the file could have been written by somebody else, or is damaged.
        """
        return tuple(sorted(self._read().values(), key=lambda entry: (entry.date, entry.hash)))

    def get(self, sha256: str) -> Trusted | None:
        """The entry of a hash; None where it is not trusted.

        Raises:
            CodeError: as `entries`.
        """
        return self._read().get(sha256)

    def add(self, code: Code) -> Trusted:
        """Write down that exactly this code may run.

        Raises:
            CodeError: as `entries`.
        """
        date = datetime.now(UTC).isoformat(timespec="seconds")
        entry = Trusted(code.hash, code.label, date)
        for folder in reversed(self.path.parents):  # `parents=True` leaves their mode to umask
            folder.mkdir(mode=0o700, exist_ok=True)
        self._read()  # refuses a folder of others, before a lock file is opened there
        with sole(self._lock, "changing what is trusted"):
            self._write({**self._read(), entry.hash: entry})
        return entry

    def revoke(self, sha256: str) -> Trusted:
        """Trust a hash no longer.

        Args:
            sha256: the hash, or its first eight digits or more.

        Raises:
            CodeError: nothing, or more than one thing, of that hash is trusted; or as `entries`.
        """
        named = [key for key in self._read() if key.startswith(sha256.lower())]
        if len(named) != 1 or len(sha256) < _SHORTEST:
            what = (
                "more than one hash begins" if named else "no trusted code has a hash that begins"
            )
            raise CodeError(f"{what} with {sha256!r}", cure="see kgtransfer trust --list")
        with sole(self._lock, "changing what is trusted"):
            entries = self._read()
            entry = entries.pop(named[0])
            self._write(entries)
        return entry

    @property
    def _lock(self) -> Path:
        return self.path.with_suffix(".lock")

    def _read(self) -> dict[str, Trusted]:
        if not self.path.parent.is_dir():
            return {}
        if reason := path_exposed(self.path):
            raise CodeError(
                f"{self.path} is not believed: {reason}",
                cure=f"look into it, then chown it to you and chmod go-w it and {self.path.parent}",
            )
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise CodeError(f"{self.path}: cannot be read ({error.strerror})") from error
        with os.fdopen(handle, "rb") as file:
            return _parsed(file.read(), self.path)

    def _write(self, entries: Mapping[str, Trusted]) -> None:
        units = [asdict(entry) for entry in entries.values()]
        content = json_bytes({"version": _VERSION, "trusted": units})
        write_atomically(self.path, content, private=True)


def _parsed(content: bytes, path: Path) -> dict[str, Trusted]:
    try:
        value = json_value(content)
        entries = [Trusted(**entry) for entry in value["trusted"]]
        is_right = value["version"] == _VERSION
        is_right &= all(isinstance(text, str) for entry in entries for text in vars(entry).values())
    except (ValueError, KeyError, TypeError) as error:
        raise CodeError(f"{path}: damaged ({error})", cure="remove it, and trust anew") from error
    if not is_right:
        raise CodeError(f"{path}: of another version", cure="remove it, and trust anew")
    return {entry.hash: entry for entry in entries}


def _default() -> Path:
    configured = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    folder = configured if configured.is_absolute() else Path.home() / ".config"
    return folder / "kgtransfer" / "trusted.json"
