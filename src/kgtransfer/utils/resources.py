"""Files that come with the project: ontologies, shapes, named queries, and the package itself."""

from __future__ import annotations

import os
from pathlib import Path

from kgtransfer.errors import DataError

__all__ = ["child_environment", "comes_along", "expanded", "resource"]

_PACKAGE = Path(__file__).parents[1]
_ROOTS = (_PACKAGE.parents[1], _PACKAGE / "_data")  # a checkout, an installed wheel


def resource(name: str | Path) -> Path:
    """Path -> the user's file or folder of that path, else the project's own.

    Raises:
        DataError: there is none of that name in either place.
    """
    given = expanded(name)
    for path in (given, *(root / name for root in _ROOTS)):
        if path.exists():
            return path
    raise DataError(
        f"{name} is neither in the current folder nor part of kgtransfer",
        cure="check the path, or give an absolute one",
    )


def comes_along(path: Path) -> bool:
    """Whether a file is one of the pipelines of kgtransfer itself, links resolved."""
    return any(path.resolve().is_relative_to((root / "pipelines").resolve()) for root in _ROOTS)


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
