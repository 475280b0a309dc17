"""Structural descriptors on graphs that can be counted by hand."""

from __future__ import annotations

import networkx as nx
import numpy as np
import scipy.sparse as sp

from kgtransfer.nodes.features.descriptors import DESCRIPTORS, describe_structure, neighbour_means


def columns(graph: nx.Graph) -> dict[str, np.ndarray]:
    matrix = sp.csr_array(nx.to_scipy_sparse_array(graph, dtype=np.float32))
    return dict(zip(DESCRIPTORS, describe_structure(matrix).T, strict=True))


def test_a_triangle_with_a_tail() -> None:
    descriptors = columns(nx.Graph([(0, 1), (1, 2), (2, 0), (2, 3)]))
    assert np.allclose(np.expm1(descriptors["degree"]), [2, 2, 3, 1], atol=1e-5)
    assert np.allclose(np.expm1(descriptors["triangles"]), [1, 1, 1, 0], atol=1e-5)
    assert np.allclose(descriptors["clustering"], [1, 1, 1 / 3, 0], atol=1e-5)
    assert np.allclose(np.expm1(descriptors["core number"]), [2, 2, 2, 1], atol=1e-5)
    assert np.allclose(
        np.expm1(descriptors["mean degree of neighbours"]), [2.5, 2.5, 5 / 3, 3], atol=1e-5
    )
    assert np.allclose(
        np.expm1(descriptors["largest degree of neighbours"]), [3, 3, 2, 3], atol=1e-5
    )


def test_nodes_without_neighbours_have_finite_numbers() -> None:
    graph = nx.path_graph(3)
    graph.add_nodes_from([3, 4])
    assert all(np.isfinite(values).all() for values in columns(graph).values())
    empty = sp.csr_array((3, 3), dtype=np.float32)
    assert np.isfinite(describe_structure(empty)).all()


def test_means_of_neighbours() -> None:
    path = sp.csr_array(nx.to_scipy_sparse_array(nx.path_graph(3), dtype=np.float32))
    rows = np.array([[1.0], [10.0], [3.0]], dtype=np.float32)
    assert neighbour_means(path, rows).tolist() == [[10.0], [2.0], [10.0]]
