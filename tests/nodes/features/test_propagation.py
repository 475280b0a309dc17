"""Similarity graphs, spectra and propagation, against dense arithmetic on small graphs."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp

from kgtransfer.errors import ConfigError
from kgtransfer.nodes.features.propagation import (
    factors,
    propagated,
    similarity_graph,
    smoother,
    spectral_condition,
    unit_rows,
    weighted,
)

RNG = np.random.default_rng(0)
ROWS = sp.csr_array((RNG.random((30, 12)) < 0.3).astype(np.float32))


def cosines() -> np.ndarray:
    dense = ROWS.toarray()
    unit = dense / np.maximum(np.linalg.norm(dense, axis=1, keepdims=True), 1e-12)
    return unit @ unit.T


def test_threshold_joins_pairs_above_it() -> None:
    wanted = (cosines() > 0.4).astype(float)
    np.fill_diagonal(wanted, 0)
    for block in (7, 1024):
        similarity = similarity_graph(ROWS, threshold=0.4, block=block)
        assert similarity.toarray().tolist() == wanted.tolist()


def test_top_k_joins_the_nearest() -> None:
    similarity = similarity_graph(ROWS, top_k=3).toarray()
    assert (similarity == similarity.T).all()
    assert not similarity.diagonal().any()
    table = cosines()
    np.fill_diagonal(table, -1)
    for node in range(30):
        best = table[node].argmax()
        if table[node, best] > np.sort(table[node])[-2]:
            assert similarity[node, best] == 1
    with pytest.raises(ConfigError, match="one of them"):
        similarity_graph(ROWS, threshold=0.1, top_k=2)


def test_the_spectral_condition_spans_the_smallest_eigenvectors() -> None:
    similarity = similarity_graph(ROWS, threshold=0.3)
    dense = similarity.toarray()
    scale = 1 / np.sqrt(np.maximum(dense.sum(axis=1), 1))
    laplacian = np.eye(30) - scale[:, None] * dense * scale
    values, vectors = np.linalg.eigh(laplacian)
    kept = int(np.diff(values[:10]).argmax()) + 1
    condition = spectral_condition(similarity, dim=kept)
    length = np.linalg.norm(vectors[:, :kept], axis=1, keepdims=True)
    wanted = vectors[:, :kept] / np.maximum(length, 1e-12)
    assert np.allclose(condition @ condition.T, wanted @ wanted.T, atol=1e-3)


def test_a_node_without_a_like_has_a_condition() -> None:
    rows = sp.csr_array(np.array([[1, 0], [1, 0], [0, 1], [1, 0.1]], dtype=np.float32))
    condition = spectral_condition(similarity_graph(rows, threshold=0.5), dim=2)
    assert np.isfinite(condition).all()


def test_propagation_is_personalised_pagerank() -> None:
    graph = nx.karate_club_graph()
    adjacency = sp.csr_array(nx.to_scipy_sparse_array(graph, weight=None, dtype=np.float32))
    operator = smoother(adjacency)
    dense = adjacency.toarray() + np.eye(34)
    scale = 1 / np.sqrt(dense.sum(axis=1))
    assert np.allclose(operator.toarray(), scale[:, None] * dense * scale, atol=1e-6)
    rows = RNG.random((34, 3)).astype(np.float32)
    limit = 0.2 * np.linalg.inv(np.eye(34) - 0.8 * operator.toarray()) @ rows
    assert np.allclose(propagated(operator, rows, 0.2, hops=80), limit, atol=1e-4)
    assert np.array_equal(propagated(operator, rows, 1.0), rows)


def test_an_isolated_node_keeps_its_own() -> None:
    operator = smoother(sp.csr_array((3, 3), dtype=np.float32))
    rows = np.eye(3, dtype=np.float32)
    assert np.allclose(propagated(operator, rows, 0.1), rows)


def test_factors_keep_cosines_and_weights_are_rows_of_length_one() -> None:
    unit = factors(ROWS, 11)
    assert unit.shape == (30, 11)
    given = unit_rows(ROWS.toarray())
    assert np.abs(unit @ unit.T - given @ given.T).max() < 0.35
    assert factors(ROWS[:, :2].tocsr(), 8).shape == (30, 2)
    lengths = np.sqrt((weighted(ROWS) ** 2).sum(axis=1))
    assert np.allclose(lengths[np.diff(ROWS.indptr) > 0], 1, atol=1e-5)
    signed = sp.csr_array(np.array([[3.0, -4.0], [0.0, 0.0]]))
    assert np.allclose(weighted(signed).toarray(), [[0.6, -0.8], [0, 0]])


def test_factors_of_a_dense_matrix_are_those_of_the_sparse_one() -> None:
    sparse, dense = (factors(ROWS, 5, dense_from=share) for share in (1.0, 0.0))
    assert np.abs(sparse @ sparse.T - dense @ dense.T).max() < 1e-5


def test_a_single_column_is_not_hidden_by_unit_rows() -> None:
    column = sp.csr_array(np.array([[1.0], [0.0], [1.0]], dtype=np.float32))
    assert factors(column, 8).tolist() == [[1, 0], [0, 1], [1, 0]]


def test_nothing_has_no_factors_and_no_place() -> None:
    nothing = sp.csr_array((5, 5), dtype=np.float32)
    assert factors(nothing, 3).tolist() == [[0, 0, 0]] * 5
    assert spectral_condition(nothing, dim=3).tolist() == [[0, 0, 0]] * 5
