"""Progress of long work: bars on a terminal, nothing elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kgtransfer.utils.terminal import complain, console, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["bar", "say"]


@contextmanager
def bar(what: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """Show a progress bar on standard error for the length of the block.

    Args:
        what: what is being done.
        total: how many steps it has; None where nobody knows.

    Yields:
        `advance(steps=1, what=None)`: some steps are done, and what is being done now.
    """
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    terminal = console(stderr=True)
    with Progress(
        *columns,
        TimeElapsedColumn(),
        console=terminal,
        transient=True,
        disable=not terminal.is_terminal,
    ) as progress:
        task = progress.add_task(printable(what), total=total)

        def advance(steps: int = 1, what: str | None = None) -> None:
            description = None if what is None else printable(what)
            progress.update(task, advance=steps, description=description)

        yield advance


def say(*messages: object) -> None:
    """Tell the user what was done; on standard error, which leaves the output to results."""
    complain(*messages)
