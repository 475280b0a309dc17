"""Vectors that a frozen encoder gives to nodes."""

from __future__ import annotations

import networkx as nx
import numpy as np

from kgtransfer.nodes.data.graph import NodeGraph
from kgtransfer.nodes.encoders.gin import load_gin
from kgtransfer.nodes.encoders.vectors import NodeVectors, encode_nodes, encode_walking
from kgtransfer.nodes.subgraphs.cache import node_subgraphs

EDGES = np.array(sorted(nx.gnp_random_graph(200, 0.2, seed=0).edges)).T
GRAPH = NodeGraph("random", 200, EDGES, np.arange(200) % 2, ("a", "b"))


def test_walking_anew_gives_vectors_of_the_same_subgraphs() -> None:
    encoder = load_gin()
    kept = encode_nodes(encoder, node_subgraphs(GRAPH, np.arange(200), seed=3))
    assert np.array_equal(encode_walking(encoder, GRAPH, np.arange(200), seed=3), kept)


def test_rows_that_nobody_asked_for_are_zero() -> None:
    vectors = NodeVectors(load_gin(), GRAPH, restart=0.8)
    some = vectors.read(np.array([3, 7]))
    assert np.flatnonzero(some.any(axis=1)).tolist() == [3, 7]
    assert vectors.read().any(axis=1).all()


def test_the_same_nodes_are_read_once() -> None:
    encoder, batches = load_gin(), []
    encoder.register_forward_hook(lambda _, inputs, __: batches.append(len(inputs[0])))
    vectors = NodeVectors(encoder, GRAPH, restart=0.8)
    first = vectors.read(np.array([3, 7])).copy()
    vectors.read(np.array([5]))
    assert np.array_equal(vectors.read(np.array([3, 7])), first)
    assert batches == [2, 1]
