"""rdflib and pySHACL without their logs: tracebacks and notes about what `check` reports itself."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["mute_rdflib"]

LOGGERS = ("rdflib.term", "pyshacl-validate")


@contextmanager
def mute_rdflib() -> Iterator[None]:
    """While it lasts, rdflib and pySHACL log nothing about what is ill-typed or out of place."""
    loggers = [logging.getLogger(name) for name in LOGGERS]
    refuse = logging.Filter("no such logger")
    for logger in loggers:
        logger.addFilter(refuse)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(refuse)
