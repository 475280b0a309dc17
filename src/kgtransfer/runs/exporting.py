"""What every kind of sample asks before it writes a fitted model for others."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from kgtransfer.errors import ConfigError, RunError
from kgtransfer.runs.output import Output
from kgtransfer.utils.files import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["require_forms", "require_new", "require_one_model", "written_files"]

Writer = TypeVar("Writer")


def require_forms(forms: Sequence[str], writers: Mapping[str, Writer]) -> list[Writer]:
    """Names of forms -> what writes them, each once.

    Raises:
        ConfigError: there is no such form for this kind of sample, or none is named.
    """
    if unknown := [form for form in forms if form not in writers]:
        raise ConfigError(f"no form {unknown[0]!r}", cure=f"forms are: {', '.join(writers)}")
    if not forms:
        raise ConfigError("no form is named", cure=f"forms are: {', '.join(writers)}")
    return [writers[form] for form in dict.fromkeys(forms)]


def require_new(folder: Path) -> None:
    """Refuse a folder in which something lies already.

    Raises:
        RunError: it is a file, or holds files already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RunError(
            f"{folder} is there already, and not empty", cure="name a new folder: --out PATH"
        )


def require_one_model(labels: int | None, seed: int) -> None:
    """Refuse a choice among models where a run keeps one.

    Raises:
        ConfigError: another than the first is asked for.
    """
    if labels is not None or seed:
        raise ConfigError("this run keeps one model", cure="leave out --labels and --seed")


def written_files(files: Sequence[Path]) -> Output:
    """Files that were written -> what is said of them: a line with the size of each."""
    sizes = {shown(file): file.stat().st_size for file in files}
    lines = [f"{name}  {size / 1e6:,.1f} MB" for name, size in sizes.items()]
    return Output({"files": sizes}, tuple(lines))
