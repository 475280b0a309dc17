"""One kglite database file, as the engine owns it: opened, written safely, checkpointed.

Two properties of kglite are made up for here. The ids that it gives to nodes start anew, after a
file was opened, at the number of its slots, which is the id of a node that is still there once
others were deleted. And a new database is no more than its log until its first checkpoint.
"""

from __future__ import annotations

import stat
import threading
import time
from typing import TYPE_CHECKING

from kgtransfer.store.embedded.handshake import address_file, is_writable

if TYPE_CHECKING:
    from pathlib import Path

    import kglite

__all__ = ["Database"]

EMPTY_LOG = 5  # bytes of a log with nothing in it
_LOG_MAGIC = b"KWAL"  # what kglite's log begins with
LEASE_WAIT = 20.0  # seconds for a predecessor to write its checkpoint and let go of the file
_LAST = "MATCH (n) RETURN max(id(n)) AS last"
_SKIP = "CREATE (n:Resource {id: $id}) DELETE n"


class Database:
    """A file and kglite's session on it. From the start on, the file exists.

    Args:
        path: the file; made where there is none. A log without its file is what somebody
            forgot as they removed a store, and goes too. Where its folder cannot be written, it
            is opened for reading.

    Raises:
        FileExistsError: what stands in the place of a file that kglite writes is not its own.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._numbered = False
        self._lock = threading.Lock()
        self._read_only = not is_writable(path)
        self._session = _open_to_read(path) if self._read_only else _open(path)
        self._saved = -1  # version of what is in the file, if that is known

    def removed(self) -> bool:
        """Whether somebody removed the file."""
        return not self._path.exists()

    def reading(self) -> kglite.Session:
        """The session, for queries."""
        return self._session

    def writing(self) -> kglite.Session:
        """The session, for statements that may make nodes: each gets an id that nothing has.

        Raises:
            PermissionError: the file is open for reading alone.
        """
        if self._read_only:
            raise PermissionError(
                f"{self._path.parent} cannot be written: copy the store elsewhere"
            )
        with self._lock:
            if not self._numbered:
                last = self._session.cypher(_LAST).to_list()[0]["last"]
                if isinstance(last, int):
                    self._session.execute(_SKIP, params={"id": last + 1})
                self._numbered = True
        return self._session

    def save(self) -> None:
        """Write all that was committed since the last time into the file."""
        version = self._saved if self._read_only else self._session.version()
        if version != self._saved:
            self._session.save()
            self._saved = version

    def close(self) -> None:
        """Write a checkpoint and let go; a file that was removed is not written again."""
        if not self.removed() and not self._read_only:
            self._session.close()


def _open(path: Path) -> kglite.Session:
    _refuse_links(path)
    import kglite

    kglite.set_query_warning_policy("silent")  # warnings travel with the answer
    deadline = time.monotonic() + LEASE_WAIT
    while True:
        is_new = not path.exists()
        if is_new:
            _remove_log(path.with_name(f"{path.name}-wal"))
        try:
            session = kglite.open_session(str(path), durable="full")
        except kglite.WriterLeaseHeldError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
            continue
        if is_new:
            session.save()
        return session


def _open_to_read(path: Path) -> kglite.Session:
    """The database as its last checkpoint left it.

    Raises:
        RuntimeError: writes that came after it stand in its log only.
    """
    import kglite

    kglite.set_query_warning_policy("silent")
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size > EMPTY_LOG:
        raise RuntimeError(f"its last writes stand in {log.name}: copy both to a folder of yours")
    return kglite.open_session(str(path))


def _refuse_links(path: Path) -> None:
    """Refuse links beside a database file: kglite writes through them into other files.

    Its log, its lock, its temporary files: the names of all begin with the file's. The engine's
    note is not kglite's, and is written in the place of whatever stands there.

    Raises:
        FileExistsError: one of them is a link, has a second name, or is a pipe or a device.
    """
    for place in path.parent.iterdir():
        if not place.name.startswith(path.name) or place in (path, address_file(path)):
            continue
        try:
            status = place.lstat()
        except FileNotFoundError:  # a temporary file of the engine before, which just ends
            continue
        if stat.S_ISDIR(status.st_mode):
            continue
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            raise FileExistsError(
                f"{place} is a link or no plain file, and may be written by the store: move it"
            )


def _remove_log(log: Path) -> None:
    """Remove what a database that is no more has left; never another program's file.

    Raises:
        FileExistsError: the file is no log of kglite's.
    """
    if not log.exists():
        return
    with log.open("rb") as file:
        if file.read(len(_LOG_MAGIC)) not in (_LOG_MAGIC, b""):
            raise FileExistsError(f"{log} is in the way and is no log of a store: move it")
    log.unlink()
