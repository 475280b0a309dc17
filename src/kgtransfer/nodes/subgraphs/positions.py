"""Where a node stands in its subgraph: leading eigenvectors of the normalised adjacency.

As GCC has it (Qiu et al., KDD 2020, arXiv 2006.09963): the min(n - 2, dim) leading eigenvectors of
D^-1/2 A D^-1/2, a node's row scaled to length 1 and padded with zeros.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.nodes.subgraphs.walks import Subgraphs

if TYPE_CHECKING:
    import numpy.typing as npt
    import scipy.sparse as sp

__all__ = ["local_positions", "similar_positions"]

BLOCK = 1 << 22  # numbers of a batch of dense matrices: 16 MB


def local_positions(subgraphs: Subgraphs, dim: int = 32, spare: int = 2) -> npt.NDArray[np.float32]:
    """Subgraphs -> `[T, dim]`, the positional encoding of each place in its own one.

    Subgraphs of one size are decomposed together. The sign of a column is arbitrary, and so is a
    rotation within an eigenvalue that occurs more than once.

    Args:
        subgraphs: T places in all.
        dim: columns.
        spare: how many eigenvectors fewer than places are used at most: GCC leaves two out.
    """
    places = np.zeros((len(subgraphs.nodes), dim), dtype=np.float32)
    sizes = subgraphs.sizes
    order = np.argsort(sizes, kind="stable")
    bounds = np.flatnonzero(np.diff(sizes[order], prepend=-1))
    for group in np.split(order, bounds[1:]) if len(order) else ():
        size = int(sizes[group[0]])
        if size <= spare:
            continue
        step = max(1, BLOCK // size**2)
        for start in range(0, len(group), step):
            chosen = group[start : start + step]
            vectors = _leading(subgraphs.take(chosen), size, min(size - spare, dim))
            places[subgraphs.places(chosen), : vectors.shape[1]] = vectors
    return places


def similar_positions(
    subgraphs: Subgraphs, similarity: sp.csr_array, dim: int = 32
) -> npt.NDArray[np.float32]:
    """Subgraphs -> the same of the similarity graph among their places, `[T, dim]`.

    What GraphControl's public code reads unless it is told to use the adjacency: a place's position
    among its like, not among its neighbours.

    Args:
        subgraphs: T places in all.
        similarity: `[N, N]`, symmetric, 0 and 1, zero diagonal.
        dim: columns; all eigenvectors of smaller subgraphs are used.
    """
    return local_positions(_similar(subgraphs, similarity), dim, spare=0)


def _similar(subgraphs: Subgraphs, similarity: sp.csr_array) -> Subgraphs:
    """The same places, joined where their nodes are similar instead."""
    sizes = subgraphs.sizes
    counts = np.repeat(sizes, sizes)  # partners of each place: all of its subgraph
    tails = np.repeat(np.arange(len(subgraphs.nodes)), counts)
    first = np.repeat(np.repeat(subgraphs.offsets[:-1], sizes), counts)
    heads = first + np.arange(len(tails)) - np.repeat(np.cumsum(counts) - counts, counts)
    nodes = subgraphs.nodes
    alike = np.asarray(similarity[nodes[tails], nodes[heads]]).ravel() > 0
    return Subgraphs(nodes, subgraphs.offsets, np.stack([tails[alike], heads[alike]]))


def _leading(block: Subgraphs, size: int, count: int) -> npt.NDArray[np.float32]:
    """Normalised rows of the leading eigenvectors of subgraphs of one size, `[B * size, k]`."""
    scale = 1.0 / np.sqrt(np.maximum(block.degrees, 1))
    tails, heads = block.edges
    dense = np.zeros((len(block), size, size), dtype=np.float32)
    dense[tails // size, tails % size, heads % size] = scale[tails] * scale[heads]
    vectors = np.linalg.eigh(dense)[1][:, :, ::-1][:, :, :count]
    rows = vectors.reshape(len(block) * size, -1)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: npt.NDArray[np.float32] = rows / np.maximum(length, 1e-12)
    return unit
