"""The sandbox of untrusted shapes: no network, no files, no programs, bounded memory.

Two barriers, one behind the other. rdflib's evaluator refuses `SERVICE`, `FROM` and `LOAD` itself,
whatever way they came into a query; and whatever else would leave the process is refused by an
audit hook (PEP 578). The hook cannot be taken away again, so it belongs into a process that does
nothing else.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import NoReturn

__all__ = ["ANSWER", "ReachesOut", "close_off", "limit_resources"]

CODE = (".py", ".pyc", ".so")
"""Suffixes of what may still be read: rdflib imports much only when it is needed."""
FORBIDDEN = frozenset(
    [
        *("ctypes", "fcntl", "ftplib", "glob", "http", "imaplib", "mmap", "nntplib", "os"),
        *("pickle", "poplib", "pty", "resource", "shutil", "smtplib", "socket", "sqlite3"),
        *("subprocess", "syslog", "telnetlib", "tempfile", "urllib", "webbrowser"),
    ]
)
"""Modules of the standard library whose audited events leave the process."""
IMPORTING = frozenset(["os.listdir", "os.scandir"])
"""What Python does to find a module."""
MEMORY = 2 * 2**30
"""Bytes of address space that a validation may take, whatever its size."""
ANSWER = 128 * 2**20
"""Bytes that a validation may write, into its answer or as complaints."""
MEMORY_RATIO = 60
"""Further bytes for each byte of the shapes and the graph in N-Triples."""


class ReachesOut(BaseException):
    """Something asked for more than the graphs it was given.

    Like `KeyboardInterrupt` no `Exception`, so that no handler of a library's passes over it.
    """


def close_off() -> None:
    """Refuse, from now on until the process ends, everything that leads out of it."""
    import rdflib.plugins.sparql as sparql
    from rdflib.plugins.sparql import evaluate
    from rdflib.plugins.sparql.sparql import QueryContext

    sparql.SPARQL_LOAD_GRAPHS = False
    evaluate.evalServiceQuery = _refuse_service  # type: ignore[assignment]
    QueryContext.load = _refuse_load  # type: ignore[method-assign]
    sys.addaudithook(_refuse_event)


def limit_resources(size: int, seconds: float) -> None:
    """Bound memory by what is to be checked, files, and CPU time by the caller's deadline.

    The caller ends the process in time; the limit of CPU time is for a caller that died.

    Args:
        size: bytes of N-Triples to be checked.
        seconds: the deadline.
    """
    _lower(resource.RLIMIT_AS, MEMORY + MEMORY_RATIO * size)
    _lower(resource.RLIMIT_CPU, int(seconds) + 30)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, ANSWER)


def _lower(limit: int, value: int) -> None:
    _, hard = resource.getrlimit(limit)
    most = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (most, hard))


def _refuse_service(*_: object) -> NoReturn:
    raise ReachesOut("a query asks another server (SERVICE)")


def _refuse_load(*_: object, **__: object) -> NoReturn:
    raise ReachesOut("a query loads another graph (FROM or LOAD)")


def _refuse_event(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        path, mode, flags = arguments
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes or mode not in ("r", "rb", None) or not str(path).endswith(CODE):
            raise ReachesOut(f"a file is opened: {path}")
    elif event.partition(".")[0] in FORBIDDEN and event not in IMPORTING:
        raise ReachesOut(f"the process is left by {event}")
