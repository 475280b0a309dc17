"""The Bolt driver's errors as `StoreError`, which names the server and no secret."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from kgtransfer.errors import QueryRefused, StoreError
from kgtransfer.store.base import timed_out

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["translated"]

_CURES = {
    "AuthError": "set NEO4J_USERNAME and NEO4J_PASSWORD",
    "ServiceUnavailable": "start the server, or check address and port",
    "CypherSyntaxError": "see the Cypher manual; values belong into parameters",
    "DatabaseNotFound": "name one of those that SHOW DATABASES lists, or leave the name out",
    "IncompleteCommit": "look whether it was written before you try again",
}


@contextlib.contextmanager
def translated(uri: str, timeout: float | None = None) -> Iterator[None]:
    """Turn what the driver raises into `StoreError`.

    Args:
        uri: the server's address, as an error may repeat it.
        timeout: seconds that the statement was given, for the error that says they are over.
    """
    from neo4j.exceptions import DriverError, Neo4jError

    try:
        yield
    except (DriverError, Neo4jError, OSError) as error:  # OSError: cut off while connecting
        raise _ours(error, uri, timeout) from error
    except (TypeError, ValueError, OverflowError) as error:
        raise StoreError(f"a parameter cannot be stored: {error}") from error


def _ours(error: Exception, uri: str, timeout: float | None) -> StoreError:
    code = str(getattr(error, "code", None) or "").rpartition(".")[2]
    kind = type(error).__name__
    text = str(getattr(error, "message", None) or error)
    if code == "AccessMode" or "read access mode" in text.lower():
        return QueryRefused(f"{uri}: {text}", cure="pass read=False (--write) if you mean it")
    if code.startswith("TransactionTimedOut") and timeout is not None:
        return timed_out(uri, timeout)
    if kind in ("ClientError", "DatabaseError", "TransientError") and code:
        kind = code
    return StoreError(f"{uri}: {kind}: {text}", cure=_CURES.get(kind, ""))
