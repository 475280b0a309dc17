"""Files that come with the project: ontologies, shapes, named queries."""

from __future__ import annotations

from pathlib import Path

from kgtransfer.errors import DataError

__all__ = ["comes_along", "resource"]

_PACKAGE = Path(__file__).parent
_ROOTS = (_PACKAGE.parents[1], _PACKAGE / "_data")  # a checkout, an installed wheel


def resource(name: str | Path) -> Path:
    """A file or folder by its path: where the user says, else the one that came along.

    Raises:
        DataError: there is none of that name in either place.
    """
    candidates = (Path(name).expanduser(), *(root / name for root in _ROOTS))
    for path in candidates:
        if path.exists():
            return path
    raise DataError(
        f"{name} is neither in the current folder nor part of kgtransfer",
        cure="check the path, or give an absolute one",
    )


def comes_along(path: Path) -> bool:
    """Whether a file is one of the pipelines of kgtransfer itself, links resolved."""
    return any(path.resolve().is_relative_to((root / "pipelines").resolve()) for root in _ROOTS)
