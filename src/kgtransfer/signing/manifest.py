"""`SHA256SUMS` of a folder: every file that counts, by name, in the form of `sha256sum`."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.errors import SignatureError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["SIGNATURE", "SUMS", "differences", "digests", "read_sums", "sums"]

SUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"
_HEADER = "# all files of a kgtransfer folder, 1"
"""What is signed begins with it, so that no signature of another text passes for one of these."""
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_LATER = re.compile(r"worth-[^/]*|store\.kglite[^/]+")
"""Written after a run was made and read by no verb that loads it: what `explain` found, and what a
store's engine keeps beside its file."""


def digests(folder: Path) -> dict[str, str]:
    """Folder -> SHA-256 of each file, at any depth, by its name with slashes.

    Raises:
        SignatureError: a file is a link, cannot be read, or has a name with control characters.
    """
    by_name = {}
    for name in sorted(_names(folder)):
        try:
            with (folder / name).open("rb") as file:
                by_name[name] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise SignatureError(f"{folder / name}: cannot be read ({error.strerror})") from error
    return by_name


def sums(files: Mapping[str, str]) -> bytes:
    """Digests by name -> the content of `SHA256SUMS`; `sha256sum -c` reads it too.

    Args:
        files: digest by name.
    """
    lines = (f"{sha256}  {name}" for name, sha256 in sorted(files.items()))
    return "\n".join([_HEADER, *lines, ""]).encode()


def read_sums(content: bytes, place: Path) -> dict[str, str]:
    """Content of a `SHA256SUMS` -> digest by name.

    Raises:
        SignatureError: it is none that `sums` wrote.
    """
    header, *lines = content.decode(errors="replace").split("\n")
    matches = [_LINE.fullmatch(line) for line in lines[:-1]]
    files = {match[2]: match[1] for match in matches if match}
    if header != _HEADER or sums(files) != content:
        raise SignatureError(f"{place}: no list of files that kgtransfer wrote", cure="sign again")
    return files


def differences(signed: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    """Digests signed and digests there -> a line for each file that differs."""
    lines = []
    for name in sorted({*signed, *there}):
        if name not in there:
            lines.append(f"missing: {name}")
        elif name not in signed:
            lines.append(f"added: {name}")
        elif signed[name] != there[name]:
            lines.append(f"altered: {name}")
    return lines


def _names(folder: Path) -> Iterator[str]:
    """The files that count; links and what is no plain file are refused."""
    for place, inner, files in os.walk(folder, onerror=_unreadable):
        for name in (*inner, *files):
            path = Path(place, name)
            relative = path.relative_to(folder).as_posix()
            if path.is_symlink():
                raise SignatureError(f"{path} is a symbolic link", cure="put the file in its place")
            if name in inner or relative in (SUMS, SIGNATURE) or _LATER.fullmatch(relative):
                continue
            if not path.is_file():
                raise SignatureError(f"{path} is no plain file", cure="remove it")
            if not relative.isprintable() or "\\" in relative:
                raise SignatureError(f"{str(path)!r}: a name with control characters")
            yield relative


def _unreadable(error: OSError) -> None:
    raise SignatureError(f"{error.filename}: cannot be read ({error.strerror})") from error
