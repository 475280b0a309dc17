"""Progress of long work: a bar on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from kgtransfer.utils.terminal import complain, console, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["ProgressLines", "bar", "say"]

FIRST = 30.0  # seconds before the first line: quick work is silent
LEAST = 5.0  # seconds between two lines
PARTS = 10  # of the work, after each of which there is a line
MOST = 20  # lines of one piece of work


@contextmanager
def bar(
    what: str, total: int | None = None, *, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[..., None]]:
    """Show progress on standard error for the length of the block: a bar, or lines in a log.

    Args:
        what: what is being done.
        total: how many steps it has; None where nobody knows.
        clock: seconds, as they pass.

    Yields:
        `advance(steps=1, what=None)`: some steps are done, and what is being done now.
    """
    terminal = console(stderr=True)
    if not terminal.is_terminal:
        yield ProgressLines(what, total, clock=clock).advance
        return
    columns = (
        *(TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn()),
        *(TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn()),
    )
    with Progress(*columns, console=terminal, transient=True) as progress:
        task = progress.add_task(printable(what), total=total)

        def advance(steps: int = 1, what: str | None = None) -> None:
            description = None if what is None else printable(what)
            progress.update(task, advance=steps, description=description)

        yield advance


class ProgressLines:
    """Steps of long work -> a line after each tenth of it, and after a while: 20 at most.

    The first comes after 30 seconds. The while doubles with each line that is due to it: work of
    unknown length is heard of for hours.

    Args:
        what: what is being done.
        total: how many steps it has; None where nobody knows.
        clock: seconds, as they pass.
        write: takes a line; by default standard error does.
    """

    def __init__(
        self,
        what: str,
        total: int | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        write: Callable[[str], None] = complain,
    ) -> None:
        self._task, self._what, self._total = what, what, total
        self._clock, self._write = clock, write
        self._started = self._last = clock()
        self._done = self._parts = 0
        self._left = MOST - PARTS if total else MOST  # lines that no part is the reason of
        self._wait = FIRST

    def advance(self, steps: int = 1, what: str | None = None) -> None:
        """Some steps are done, and what is being done now; writes a line where one is due."""
        self._done += steps
        self._what = self._what if what is None else what
        now = self._clock()
        if now - self._started < FIRST or now - self._last < LEAST:
            return
        parts = min(PARTS, PARTS * self._done // self._total) if self._total else 0
        if parts == self._parts:
            if now - self._last < self._wait or not self._left:
                return
            self._left -= 1
            self._wait *= 2
        self._parts, self._last = parts, now
        self._write(self._line(now - self._started))

    @property
    def _share(self) -> float:
        return self._done / self._total if self._total else 0.0

    def _line(self, seconds: float) -> str:
        """`fitting: kg, seed 0: 12/60 (20 %), 1:05, about 4:20 left`."""
        name = self._what if self._what.startswith(self._task) else f"{self._task}: {self._what}"
        parts = [name]
        if self._total:
            parts[0] += f": {self._done:,}/{self._total:,} ({100 * self._share:.0f} %)"
        elif self._done:
            parts[0] += f": {self._done:,}"
        parts.append(_minutes(seconds))
        if 0 < self._share < 1:
            parts.append(f"about {_minutes(seconds / self._share - seconds)} left")
        return ", ".join(parts)


def _minutes(seconds: float) -> str:
    """`0:05`, `12:40`, `1:02:03`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def say(*messages: object) -> None:
    """Tell the user what was done; on standard error, which leaves the output to results."""
    complain(*messages)
