"""Files that come with the project: ontologies, shapes, queries, pipelines, the package itself."""

from __future__ import annotations

import os
from pathlib import Path

from kgtransfer.errors import DataError

__all__ = [
    "bundled",
    "bundled_pipelines",
    "bundled_scripts",
    "child_environment",
    "comes_along",
    "expanded",
    "pipeline_file",
    "resource",
    "users_or_bundled",
]

_PACKAGE = Path(__file__).parents[1]
_CARRIED = _PACKAGE / "_data"
# An installed wheel carries its data; where it does not, this is a checkout. What lies around an
# installed wheel is not ours: with `pip install --target` it may be the user's working folder.
_ROOT = _CARRIED if _CARRIED.is_dir() else _PACKAGE.parents[1]
_PIPELINES = _ROOT / "pipelines"
_FOLDERS = {"kg", "ontology", "pipelines"}


def resource(name: str | Path) -> Path:
    """Path -> the user's file or folder of that path, else the project's own.

    Raises:
        DataError: there is none of that name in either place.
    """
    path = users_or_bundled(name)
    if not path.exists():
        raise DataError(
            f"{name} is neither in the current folder nor part of kgtransfer",
            cure="check the path, or give an absolute one",
        )
    return path


def users_or_bundled(name: str | Path) -> Path:
    """Path -> the user's, or the project's own; the user's, too, where there is neither.

    Raises:
        DataError: no file can have that name.
    """
    path, own = expanded(name), _ROOT / name
    first = Path(os.path.normpath(name)).parts[:1]
    return own if _FOLDERS.intersection(first) and own.exists() and not path.exists() else path


def bundled(name: str) -> Path:
    """Path of a file or folder that comes with kgtransfer, whatever the user has of that name."""
    return _ROOT / name


def pipeline_file(name: str | Path) -> Path:
    """Name of a pipeline's TOML or script -> the user's file, or the one that comes along.

    `wbc.toml` and `pipelines/wbc.toml` both name ours, where the user has no file of that name.
    """
    path, own = users_or_bundled(name), _PIPELINES / name
    return own if own.is_file() and not path.exists() else path


def bundled_pipelines() -> list[str]:
    """Names of the settings that come along, such as `wbc.toml`."""
    return sorted(path.name for path in _PIPELINES.glob("*.toml"))


def bundled_scripts() -> dict[str, Path]:
    """Name -> script of each pipeline that comes along, by which settings may ask for it."""
    scripts = sorted(_PIPELINES.glob("*.py"))
    return {path.stem: path for path in scripts if path.with_suffix(".toml").is_file()}


def comes_along(path: Path) -> bool:
    """Whether a file is one of the pipelines of kgtransfer itself, links resolved."""
    return path.resolve().is_relative_to(_PIPELINES.resolve())


def expanded(name: str | Path) -> Path:
    """Path -> the same with `~` written out; nothing need be there.

    Raises:
        DataError: no file can have it: it is too long, holds a NUL character, or names the home of
            nobody.
    """
    try:
        path = Path(name).expanduser()
        path.exists()
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"{str(name)[:200]!r}: {reason}", cure="check the path") from error
    return path


def child_environment() -> dict[str, str]:
    """The environment in which a Python process of ours imports this very package."""
    home = str(_PACKAGE.parent)
    search = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": search}
