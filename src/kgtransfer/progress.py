"""Progress of long work: bars on a terminal, nothing elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["bar", "say"]


@contextmanager
def bar(what: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """A bar that is there while the work is; it goes to standard error.

    Args:
        what: what is being done.
        total: how many steps it has; None where nobody knows.

    Yields:
        `advance(steps=1, what=None)`: some steps are done, and what is being done now.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(
        *columns,
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task(what, total=total)

        def advance(steps: int = 1, what: str | None = None) -> None:
            progress.update(task, advance=steps, description=what)

        yield advance


def say(*messages: object) -> None:
    """Tell the user what was done; on standard error, which leaves the output to results."""
    console = Console(stderr=True, highlight=False)
    for message in messages:
        console.print(str(message), markup=False, soft_wrap=True)
