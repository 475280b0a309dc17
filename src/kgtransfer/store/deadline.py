"""A deadline that holds whatever the server does: past it, the transaction's connection is cut.

Neo4j ends a transaction whose time-out is over; other servers that speak Bolt let it run on.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import neo4j

__all__ = ["GRACE", "Overdue", "within"]

GRACE = 1.0  # seconds in which a server may end the transaction itself, and keep the connection


class Overdue(Exception):
    """The time was over; no error of the driver's, which would try again."""


@contextlib.contextmanager
def within(seconds: float, transaction: neo4j.ManagedTransaction) -> Iterator[None]:
    """Give the block so many seconds, and then cut the transaction's connection.

    The server rolls back what was not committed. The driver opens a connection anew for whoever
    asks next; other transactions have their own.

    Raises:
        Overdue: the connection was cut.
    """
    cut, guard, running = threading.Event(), threading.Lock(), True

    def end() -> None:
        with guard:  # once the block is left, the connection may belong to somebody else
            if running:
                cut.set()
                # The driver has no public way to give a synchronous transaction up.
                transaction._connection.kill()

    timer = threading.Timer(max(0.0, seconds), end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as error:
        if cut.is_set():
            raise Overdue from error
        raise
    finally:
        with guard:
            running = False
        timer.cancel()
    if cut.is_set():  # in the moment in which the block ended
        raise Overdue
