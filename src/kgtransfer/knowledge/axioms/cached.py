"""Functions of a graph whose result is kept as long as the graph: a graph never changes."""

from __future__ import annotations

import weakref
from functools import wraps
from threading import RLock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["cached_by_graph"]

Result = TypeVar("Result")


def cached_by_graph(
    function: Callable[[KnowledgeGraph], Result],
) -> Callable[[KnowledgeGraph], Result]:
    """A function of a graph -> the same function, worked out once for each graph object.

    The result is freed with the graph, so it must not hold the graph itself.
    """
    results, lock = dict[int, Result](), RLock()

    @wraps(function)
    def cached(graph: KnowledgeGraph) -> Result:
        key = id(graph)  # not the graph: comparing graphs takes their hashes
        with lock:
            if key not in results:
                results[key] = function(graph)
                weakref.finalize(graph, results.pop, key).atexit = False
            return results[key]

    return cached
