"""The rule for code of the user's own: where it stands, who could change it, who named it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.trust.exposure import exposed
from kgtransfer.trust.unit import INDEX

if TYPE_CHECKING:
    from kgtransfer.trust.unit import CodeUnit

__all__ = ["not_own", "settings_not_own"]

RUN_FILES = ("result.json", "run.toml", "retrain.json", INDEX)
"""What a folder holds that is a run, or a part of one."""


def not_own(unit: CodeUnit) -> str:
    """Why a unit is not the user's own code in his working folder; empty where it is.

    Its own it is where every file, links resolved, lies in or below the current folder, the
    files and all folders from there up to the current one belong to the user and can be
    written by nobody else, and no folder from there upwards is a run.

    Args:
        unit: as it was read.
    """
    origin = unit.origin
    if origin is None or origin.is_saved:
        return "it comes with a run"
    if origin.exposures:
        return origin.exposures[0]
    folders = {(origin.root / name).parent for name in unit.files}
    reasons = (_misplaced(folder) for folder in sorted(folders))
    return next((reason for reason in reasons if reason), "")


def settings_not_own(toml: Path) -> str:
    """Why a settings file may not name code that runs; empty where it may.

    It may where it stands directly in the user's working folder: not below it, where a download
    is unpacked, and not elsewhere.

    Args:
        toml: the file, as the command line named it.
    """
    if toml.is_symlink():
        return f"{toml} is a symbolic link"
    if toml.resolve().parent != Path.cwd().resolve():
        return f"{toml} does not stand directly in the current folder"
    if not toml.is_file():
        return f"{toml} is no file"
    if reason := exposed(toml.stat()):
        return f"{toml} {reason}"
    return _misplaced(toml.resolve().parent)


def _misplaced(folder: Path) -> str:
    """Folder -> why code in it is not the user's own to run; empty where it is."""
    current = Path.cwd().resolve()
    if current == current.parent or not folder.is_relative_to(current):
        return f"it does not lie in the current folder, {current}"
    for place in (folder, *folder.parents):
        if any((place / name).exists() for name in RUN_FILES):
            return f"{place} is the folder of a run"
        if place.is_relative_to(current) and (reason := exposed(place.stat())):
            return f"{place} {reason}"
    return ""
