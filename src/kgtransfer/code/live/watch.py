"""A code base -> what came of each change of its files, as long as one looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.errors import KgTransferError
from kgtransfer.utils.progress import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

    from kgtransfer.code.live.code import LiveCode
    from kgtransfer.code.live.index import Update

__all__ = ["watching"]

QUIET, LONGEST, LOOK = 50, 500, 5_000  # milliseconds; the last: between looks without a change


def watching(code: LiveCode, tell: Callable[[Update], None], stop: Event) -> None:
    """Update an index whenever files of its code change.

    Args:
        code: the code base.
        tell: told of each update.
        stop: ends it.
    """
    from watchfiles import watch

    looks = watch(
        *code.sources.paths,
        step=QUIET,
        debounce=LONGEST,
        rust_timeout=LOOK,
        yield_on_timeout=True,  # some file systems tell nothing
        stop_event=stop,
        raise_interrupt=False,
    )
    for _ in looks:
        try:
            update = code.update()
        except (KgTransferError, OSError) as error:  # OSError: a folder that is gone
            say(f"error: {error}", "waiting for the next change")
            continue
        if update is not None:
            tell(update)
