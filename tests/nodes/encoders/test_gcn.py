"""The graph convolutional network: it reads neighbours, and own states if told."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp

from kgtransfer.nodes.encoders.gcn import fit_gcn
from kgtransfer.nodes.features.propagation import smoother

GRAPH = nx.stochastic_block_model([40, 40], [[0.2, 0.01], [0.01, 0.2]], seed=0)
OPERATOR = smoother(sp.csr_array(nx.to_scipy_sparse_array(GRAPH, dtype=np.float32)))
LABELS = np.repeat([0, 1], 40)
RNG = np.random.default_rng(0)
ATTRIBUTES = (np.eye(2)[LABELS] + RNG.normal(0, 1.0, (80, 2))).astype(np.float32)
FITTED, HELD = np.arange(0, 80, 8), np.arange(4, 80, 8)


@pytest.mark.parametrize("own", [False, True])
def test_sparse_and_dense_attributes_are_read_alike(own: bool) -> None:
    readings = [
        fit_gcn(OPERATOR, attributes, LABELS, FITTED, HELD, seed=0, own=own)
        for attributes in (ATTRIBUTES, sp.csr_array(ATTRIBUTES))
    ]
    assert np.array_equal(*readings)
    assert (readings[0] == LABELS).mean() > 0.9


def test_labels_of_other_nodes_are_not_looked_at() -> None:
    other = LABELS.copy()
    other[1::8] = 1 - other[1::8]
    fits = [
        fit_gcn(OPERATOR, ATTRIBUTES, labels, FITTED, HELD, seed=0) for labels in (LABELS, other)
    ]
    assert np.array_equal(*fits)
