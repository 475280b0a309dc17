"""Owners and permissions of files: the reason why others could change one."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["exposed", "path_exposed"]


def exposed(status: os.stat_result) -> str:
    """Status of a file or folder -> why others could change it; empty where none could.

    Args:
        status: of the file, from its open handle where that counts.
    """
    if status.st_uid != os.geteuid():
        return "belongs to another user"
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "can be written by others"
    return ""


def path_exposed(path: Path) -> str:
    """Path -> why others could put another file in its place; empty where none could.

    The file, where there is one, and its folder must be the user's own; the folders above may be
    the system's, or open to all as `/tmp` is, where none may rename what is another's.

    Args:
        path: absolute; its folder exists.
    """
    if path.is_symlink():
        return f"{path} is a symbolic link"
    for place in (path, path.parent):
        if place.exists() and (reason := exposed(place.stat())):
            return f"{place} {reason}"
    for folder in {*path.parent.parents, *path.resolve().parent.parents}:
        status = folder.stat()
        writable = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if status.st_uid not in (0, os.geteuid()) or (
            writable and not status.st_mode & stat.S_ISVTX
        ):
            return f"{folder} can be written by others"
    return ""
