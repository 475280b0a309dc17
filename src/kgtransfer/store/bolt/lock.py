"""One sync at a time on a server: a lock that is a node, with an owner and an end.

The transaction of every write first extends the lock, and is refused where the lock has passed to
somebody else: a sync that was suspended for so long cannot write into the one that took over. A
sync that was killed holds the lock for `TERM` seconds more. All times are the server's own.
"""

from __future__ import annotations

import contextlib
import logging
import os
import platform
import time
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from kgtransfer.errors import StoreError
from kgtransfer.store.security import only_reads

if TYPE_CHECKING:
    from kgtransfer.store.base import Params, Row, Statement
    from kgtransfer.store.write_ahead import Write

__all__ = ["PATIENCE", "TERM", "Guarded", "sole"]

# A statement after another in one transaction; None, and not run, where the first has no rows.
Guarded: TypeAlias = "Callable[[Statement, Statement], list[Row] | None]"

log = logging.getLogger(__name__)
TERM = 60.0  # seconds for which the lock is taken or extended
PATIENCE = 600.0  # seconds to wait for another sync
PAUSE = 0.25  # seconds between two looks at the lock
_LOCK = "MATCH (l:_Lock {name: 'sync'}) "
_CONSTRAINT = (
    "CREATE CONSTRAINT kgtransfer_lock IF NOT EXISTS FOR (l:_Lock) REQUIRE l.name IS UNIQUE"
)
_STATE = _LOCK + "RETURN l.owner AS owner, l.until >= timestamp() AS held"
_MAKE = "CREATE (:_Lock {name: 'sync', owner: $owner, until: timestamp() + $term})"
# The first SET waits for whoever holds the node; what comes after it sees what they left.
_TAKE = _LOCK + (
    "SET l.asked = $owner WITH l WHERE l.until < timestamp() "
    "SET l.owner = $owner, l.until = timestamp() + $term RETURN l.owner AS owner"
)
_EXTEND = _LOCK + (
    "SET l.asked = $owner WITH l WHERE l.owner = $owner "
    "SET l.until = timestamp() + $term RETURN l.owner AS owner"
)
_RELEASE = "MATCH (l:_Lock {name: 'sync', owner: $owner}) DELETE l"


@contextlib.contextmanager
def sole(
    run: Write, guarded: Guarded, place: str, *, patience: float = PATIENCE
) -> Iterator[Write]:
    """Hold the lock, and run statements under it.

    Args:
        run: one statement in a transaction of its own.
        guarded: a statement that runs only if another, in the same transaction, has rows.
        place: the store's name, for messages.
        patience: seconds to wait for whoever holds the lock.

    Yields:
        What runs a statement under the lock; it raises `StoreError` once the lock is lost.

    Raises:
        StoreError: the lock is held for longer than that.
    """
    owner = f"{platform.node()}, process {os.getpid()} ({uuid.uuid4().hex})"
    me = {"owner": owner, "term": round(TERM * 1000)}
    _take(run, me, place, patience)
    extended = time.monotonic()

    def write(cypher: str, params: Params) -> list[Row]:
        nonlocal extended
        is_recent = time.monotonic() - extended < TERM / 4
        # Schema and data cannot change in one transaction.
        if cypher.startswith("CREATE CONSTRAINT") or (is_recent and only_reads(cypher)):
            return run(cypher, params)
        rows = guarded((_EXTEND, me), (cypher, params))
        if rows is None:
            raise StoreError(
                f"{place}: another sync took over while this one was silent",
                cure="sync again: the next sync completes what this one left",
            )
        extended = time.monotonic()
        return rows

    try:
        yield write
    finally:
        with contextlib.suppress(StoreError):  # a server that is gone lets go at the lock's end
            run(_RELEASE, {"owner": owner})


def _take(run: Write, me: dict[str, Any], place: str, patience: float) -> None:
    deadline, is_logged = time.monotonic() + patience, False
    while not _taken(run, me):
        owners = [row["owner"] for row in run(_STATE, {}) if row["held"]]
        if owners and time.monotonic() > deadline:
            raise StoreError(
                f"{place}: another sync is at work: {owners[0].partition(' (')[0]}",
                cure=f"wait for its end; if it was killed, the lock ends within {TERM:g} s",
            )
        if owners and not is_logged:
            log.warning("%s: waiting for another sync: %s", place, owners[0].partition(" (")[0])
            is_logged = True
        time.sleep(PAUSE)


def _taken(run: Write, me: dict[str, Any]) -> bool:
    state = run(_STATE, {})
    if state:
        return not state[0]["held"] and bool(run(_TAKE, me))
    try:
        run(_CONSTRAINT, {})
        run(_MAKE, me)
    except StoreError:
        if not run(_STATE, {}):  # nobody was quicker: the server refuses
            raise
        return False
    return True
