"""Edges as they are stored -> each undirected edge once, and what was wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["undirected"]


def undirected(
    stored: npt.NDArray[np.int64], num_nodes: int
) -> tuple[npt.NDArray[np.int64], dict[str, int]]:
    """Edges `[2, E]` in any order -> each once (u < v), sorted, without loops; and corrections.

    Args:
        stored: nodes from 0, all of them below `num_nodes`.
        num_nodes: N.
    """
    low, high = np.minimum(*stored), np.maximum(*stored)
    loops = low == high
    keys = np.unique((low * num_nodes + high)[~loops])
    directed = np.unique((stored[0] * num_nodes + stored[1])[~loops])
    edges = np.stack([keys // max(1, num_nodes), keys % max(1, num_nodes)])
    isolated = num_nodes - len(np.unique(edges))
    counts = {
        "self loops": int(loops.sum()),
        "repeated edges": int((~loops).sum()) - len(directed),
        "nodes without a neighbour": isolated,
    }
    return edges, {what: count for what, count in counts.items() if count}
