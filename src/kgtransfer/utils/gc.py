"""Python's search for reference cycles, suspended while millions of objects are made."""

from __future__ import annotations

import contextlib
import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["gc_suspended"]


@contextlib.contextmanager
def gc_suspended() -> Iterator[None]:
    """Suspend the search for cycles in the block: tuples, terms and texts form none."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
