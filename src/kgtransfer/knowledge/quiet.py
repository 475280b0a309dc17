"""rdflib without its log of ill-typed literals: tracebacks about what `check` reports itself."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["without_complaints"]


@contextmanager
def without_complaints() -> Iterator[None]:
    """While it lasts, rdflib makes terms of literals without a value in silence."""
    logger = logging.getLogger("rdflib.term")
    refuse = logging.Filter("no such logger")
    logger.addFilter(refuse)
    try:
        yield
    finally:
        logger.removeFilter(refuse)
