"""What a node's place in its graph says, in numbers: the condition where attributes are lacking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import scipy.sparse as sp

__all__ = ["DESCRIPTORS", "describe_structure", "neighbour_means"]

#: Columns of `describe_structure`; all but the clustering are logarithms.
DESCRIPTORS = (
    "degree",
    "PageRank",
    "triangles",
    "clustering",
    "mean degree of neighbours",
    "core number",
    "largest degree of neighbours",
    "eigenvector centrality",
    "nodes within two steps",
)
BLOCK = 4096


def describe_structure(adjacency: sp.csr_array) -> npt.NDArray[np.float32]:
    """Adjacency -> `[N, 9]`: the columns that `DESCRIPTORS` names.

    Args:
        adjacency: `[N, N]`, symmetric, 0 and 1, zero diagonal.
    """
    graph = nx.from_scipy_sparse_array(adjacency)
    degrees = np.diff(adjacency.indptr).astype(np.float64)
    triangles, reach = _second_steps(adjacency)
    pairs = np.maximum(degrees * (degrees - 1) / 2, 1)
    core = np.array(list(nx.core_number(graph).values()), dtype=np.float64)
    ranks = np.array(list(nx.pagerank(graph).values())) * len(degrees)
    columns = [
        np.log1p(degrees),
        np.log(ranks),
        np.log1p(triangles),
        triangles / pairs,
        np.log1p((adjacency @ degrees) / np.maximum(degrees, 1)),
        np.log1p(core),
        np.log1p(_largest(adjacency, degrees)),
        np.log(_centrality(adjacency) + 1e-8),
        np.log1p(reach),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def neighbour_means(
    adjacency: sp.csr_array, rows: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Rows `[N, d]` -> the mean of each node's neighbours' rows; zero where there is none."""
    degrees = np.maximum(np.diff(adjacency.indptr), 1).astype(np.float32)
    means: npt.NDArray[np.float32] = (adjacency @ rows) / degrees[:, None]
    return means


def _second_steps(
    adjacency: sp.csr_array,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Triangles through each node, and the nodes that two steps reach, block by block."""
    triangles, reach = [], []
    for start in range(0, adjacency.shape[0], BLOCK):
        rows = adjacency[start : start + BLOCK]
        twice = (rows @ adjacency).tocsr()
        triangles.append(rows.multiply(twice).sum(axis=1) / 2)
        reach.append(np.diff(twice.indptr))
    return np.concatenate(triangles).astype(np.float64), np.concatenate(reach).astype(np.float64)


def _largest(adjacency: sp.csr_array, degrees: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    largest = np.zeros(len(degrees))
    linked = np.flatnonzero(degrees)
    if len(linked):
        values = degrees[adjacency.indices]
        largest[linked] = np.maximum.reduceat(values, adjacency.indptr[:-1][linked])
    return largest


def _centrality(adjacency: sp.csr_array, steps: int = 100) -> npt.NDArray[np.float64]:
    """The leading eigenvector of A + I / 2 by power iteration, of length 1."""
    vector = np.full(adjacency.shape[0], 1.0 / np.sqrt(max(1, adjacency.shape[0])))
    for _ in range(steps):
        vector = adjacency @ vector + 0.5 * vector
        vector /= np.linalg.norm(vector)
    return vector
