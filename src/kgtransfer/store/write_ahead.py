"""Statements written by a thread of their own, while the next ones are made ready."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeAlias

from kgtransfer.store.base import Params, Row

__all__ = ["Later", "Write", "ahead"]

Write: TypeAlias = Callable[[str, Params], list[Row]]
Later: TypeAlias = Callable[[str, Params], None]

DEPTH = 4  # statements made ready before their turn


@contextlib.contextmanager
def ahead(write: Write) -> Iterator[Later]:
    """A `write` that returns before it is done; at the end of the block all of them are.

    Statements are written one after the other in the order of the calls. What one of them
    raises is raised by a later call or at the end, and those that had not begun are dropped.
    """
    pending: deque[Future[list[Row]]] = deque()
    with ThreadPoolExecutor(1, "kgtransfer-store") as pool:

        def later(statement: str, params: Params) -> None:
            if len(pending) == DEPTH:
                pending.popleft().result()
            pending.append(pool.submit(write, statement, params))

        try:
            yield later
            while pending:
                pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()
