"""A deadline that holds whatever the server does: past it, the transaction's connection is cut.

Neo4j ends a transaction whose time-out is over; other servers that speak Bolt let it run on.
"""

from __future__ import annotations

import contextlib
import heapq
import math
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neo4j import ManagedTransaction, Transaction

__all__ = ["GRACE", "Overdue", "within"]

GRACE = 1.0  # seconds in which a server may end the transaction itself, and keep the connection


class Overdue(Exception):
    """A transaction was cut off at its deadline; the driver does not retry this error."""


@contextlib.contextmanager
def within(seconds: float, transaction: ManagedTransaction | Transaction) -> Iterator[None]:
    """Give the block so many seconds, and then cut the transaction's connection.

    The server rolls back what was not committed. The driver opens a connection anew for whoever
    asks next; other transactions have their own.

    Raises:
        Overdue: the connection was cut.
    """
    block = _Block(time.monotonic() + seconds, transaction)
    _WATCH.enter(block)
    try:
        yield
    except Exception as error:
        if block.cut:
            raise Overdue from error
        raise
    finally:
        _WATCH.leave(block)
    if block.cut:  # in the moment in which the block ended
        raise Overdue


@dataclass(order=True)
class _Block:
    end: float
    transaction: ManagedTransaction | Transaction = field(compare=False)
    left: bool = field(default=False, compare=False)
    cut: bool = field(default=False, compare=False)


class _Watch:
    """One thread for all blocks: to start one takes longer than a small query."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._blocks: list[_Block] = []  # a heap: the next to end comes first
        self._wakes = math.inf
        self._thread: threading.Thread | None = None

    def enter(self, block: _Block) -> None:
        with self._changed:
            heapq.heappush(self._blocks, block)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            elif block.end < self._wakes:
                self._changed.notify()

    def leave(self, block: _Block) -> None:
        with self._changed:  # from here on the connection may belong to somebody else
            block.left = True
            self._forget()

    def _forget(self) -> None:
        while self._blocks and self._blocks[0].left:
            heapq.heappop(self._blocks)

    def _run(self) -> None:
        with self._changed:
            while True:
                self._forget()
                self._wakes = self._blocks[0].end if self._blocks else math.inf
                wait = self._wakes - time.monotonic()
                if wait > 0:
                    self._changed.wait(min(wait, threading.TIMEOUT_MAX))
                    continue
                block = heapq.heappop(self._blocks)
                block.cut = True
                with contextlib.suppress(OSError):
                    # The driver has no public way to give a synchronous transaction up.
                    block.transaction._connection.kill()


_WATCH = _Watch()
