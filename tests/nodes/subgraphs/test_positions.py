"""Positional encodings, against dense decompositions one by one."""

from __future__ import annotations

import networkx as nx
import numpy as np
import scipy.sparse as sp

from kgtransfer.nodes.subgraphs.positions import local_positions
from kgtransfer.nodes.subgraphs.walks import Subgraphs, walk_subgraphs


def by_definition(part: Subgraphs, dim: int) -> tuple[np.ndarray, bool]:
    """Of a single subgraph, and whether its eigenvectors are determined up to their signs."""
    size = len(part.nodes)
    dense = np.zeros((size, size))
    dense[part.edges[0], part.edges[1]] = 1.0
    scale = 1 / np.sqrt(dense.sum(axis=1))
    values, vectors = np.linalg.eigh(scale[:, None] * dense * scale)
    kept = min(size - 2, dim)
    vectors = vectors[:, ::-1][:, :kept]
    gaps = -np.diff(values[::-1][: kept + 1])
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), bool(gaps.min() > 0.02)


def test_rows_are_those_of_the_definition() -> None:
    graph = nx.barabasi_albert_graph(80, 2, seed=3)
    matrix = sp.csr_array(nx.to_scipy_sparse_array(graph, dtype=np.float32))
    subgraphs = walk_subgraphs(
        matrix, np.arange(80), steps=30, restart=0.5, rng=np.random.default_rng(0)
    )
    rows, compared = local_positions(subgraphs, dim=3), 0
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    for s in range(len(subgraphs)):
        wanted, determined = by_definition(subgraphs.take(np.array([s])), 3)
        own = rows[subgraphs.offsets[s] : subgraphs.offsets[s + 1], : wanted.shape[1]]
        if determined:
            assert np.allclose(np.abs(own), np.abs(wanted), atol=2e-3)
            compared += 1
    assert compared > 20


def test_what_is_too_small_has_zeros() -> None:
    alone = Subgraphs(np.array([4]), np.array([0, 1]), np.zeros((2, 0), dtype=np.int64))
    pair = Subgraphs(np.array([4, 5]), np.array([0, 2]), np.array([[0, 1], [1, 0]]))
    both = Subgraphs.joined([alone, pair])
    assert local_positions(both).tolist() == np.zeros((3, 32)).tolist()


def test_three_nodes_have_one_column() -> None:
    path = Subgraphs(np.arange(3), np.array([0, 3]), np.array([[0, 1, 1, 2], [1, 0, 2, 1]]))
    rows = local_positions(path)
    assert np.allclose(np.abs(rows[:, 0]), 1.0)
    assert not rows[:, 1:].any()
