"""Subgraphs by random walks: what is visited, which edges stay, blocks taken apart and joined."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp
import torch
from torch_geometric.data import FeatureStore, TensorAttr
from torch_geometric.nn.models import GraphSAGE

from kgtransfer.nodes.subgraphs.walks import Subgraphs, walk_subgraphs


def adjacency(graph: nx.Graph) -> sp.csr_array:
    return sp.csr_array(nx.to_scipy_sparse_array(graph, dtype=np.float32))


def walked(graph: nx.Graph, seeds: list[int], **settings: Any) -> Subgraphs:
    rng = np.random.default_rng(0)
    return walk_subgraphs(adjacency(graph), np.array(seeds), rng=rng, **settings)


def edges_of(subgraphs: Subgraphs, s: int) -> set[tuple[int, int]]:
    """Edges of a subgraph as pairs of nodes of the whole graph."""
    one = subgraphs.take(np.array([s]))
    return {(int(one.nodes[u]), int(one.nodes[v])) for u, v in one.edges.T}


@pytest.mark.parametrize("induced", [False, True])
def test_roots_come_first_and_edges_are_edges_of_the_graph(induced: bool) -> None:
    graph = nx.barabasi_albert_graph(200, 3, seed=1)
    subgraphs = walked(graph, [5, 0, 5, 77], steps=40, restart=0.5, induced=induced)
    assert len(subgraphs) == 4
    assert subgraphs.nodes[subgraphs.offsets[:-1]].tolist() == [5, 0, 5, 77]
    for s in range(4):
        nodes = subgraphs.nodes[subgraphs.offsets[s] : subgraphs.offsets[s + 1]]
        assert len(set(nodes)) == len(nodes)
        edges = edges_of(subgraphs, s)
        assert edges == {(v, u) for u, v in edges}
        inside = graph.subgraph(nodes.tolist())
        every = {(u, v) for pair in inside.edges for u, v in (pair, pair[::-1])}
        assert edges == every if induced else edges < every
        assert nx.is_connected(nx.Graph(list(edges)))
    assert subgraphs.edges[0].tolist() == sorted(subgraphs.edges[0])


def test_enough_steps_on_a_path_walk_all_of_it() -> None:
    subgraphs = walked(nx.path_graph(4), [0, 3], steps=400, restart=0.1)
    assert subgraphs.sizes.tolist() == [4, 4]
    assert subgraphs.degrees[:4].tolist() == [1, 2, 2, 1]
    assert edges_of(subgraphs, 0) == {(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2)}


def test_a_walk_that_always_restarts_sees_neighbours_only() -> None:
    subgraphs = walked(nx.path_graph(5), [2], steps=50, restart=1.0)
    assert set(subgraphs.nodes) == {1, 2, 3}


def test_how_often_a_neighbour_is_visited_is_uniform() -> None:
    star = adjacency(nx.star_graph(4))
    seeds = np.zeros(4000, dtype=np.int64)
    subgraphs = walk_subgraphs(star, seeds, steps=1, restart=1.0, rng=np.random.default_rng(0))
    counts = np.bincount(subgraphs.nodes, minlength=5)[1:] / 4000
    assert np.abs(counts - 0.25).max() < 0.03


def test_each_seed_walks_as_many_steps_as_it_is_given() -> None:
    graph = adjacency(nx.cycle_graph(50))
    steps = np.array([0, 1, 2])
    rng = np.random.default_rng(0)
    subgraphs = walk_subgraphs(graph, np.array([7, 7, 7]), steps=steps, restart=0.0, rng=rng)
    assert subgraphs.sizes[:2].tolist() == [1, 2]
    assert subgraphs.sizes[2] in (2, 3)


@pytest.mark.parametrize("induced", [False, True])
def test_a_node_without_neighbours_is_alone(induced: bool) -> None:
    graph = nx.path_graph(2)
    graph.add_node(2)
    subgraphs = walked(graph, [2, 0], steps=5, restart=0.5, induced=induced)
    assert subgraphs.sizes.tolist() == [1, 2]
    assert edges_of(subgraphs, 0) == set()
    nothing = walk_subgraphs(
        sp.csr_array((3, 3), dtype=np.float32),
        np.array([0, 2]),
        steps=4,
        restart=0.5,
        induced=induced,
        rng=np.random.default_rng(0),
    )
    assert (nothing.nodes.tolist(), nothing.edges.shape) == ([0, 2], (2, 0))


def test_blocks_are_taken_apart_and_joined() -> None:
    subgraphs = walked(
        nx.barabasi_albert_graph(60, 2, seed=0), list(range(8)), steps=20, restart=0.5
    )
    halves = [subgraphs.take(np.arange(0, 4)), subgraphs.take(np.arange(4, 8))]
    joined = Subgraphs.joined(halves)
    for name in ("nodes", "offsets", "edges"):
        assert np.array_equal(getattr(joined, name), getattr(subgraphs, name))
    again = subgraphs.take(np.array([6, 1, 6]))
    assert again.nodes[again.offsets[:-1]].tolist() == [6, 1, 6]
    assert edges_of(again, 0) == edges_of(again, 2) == edges_of(subgraphs, 6)


def test_equal_seeds_of_the_generator_give_equal_subgraphs() -> None:
    graph = nx.barabasi_albert_graph(50, 2, seed=0)
    one, other = (walked(graph, [1, 2, 3], steps=30, restart=0.8) for _ in range(2))
    assert np.array_equal(one.nodes, other.nodes)
    assert np.array_equal(one.edges, other.edges)


def on_disk(matrix: sp.csr_array, folder: Path) -> sp.csr_array:
    """The same, its three arrays memory-mapped files."""
    parts = {"data": matrix.data, "indices": matrix.indices, "indptr": matrix.indptr}
    for name, part in parts.items():
        np.save(folder / f"{name}.npy", part)
    mapped = [np.load(folder / f"{name}.npy", mmap_mode="r") for name in parts]
    adjacency = sp.csr_array(tuple(mapped), shape=matrix.shape)
    assert np.shares_memory(adjacency.indices, mapped[1])
    return adjacency


def test_a_graph_on_disk_is_walked_as_one_in_memory(tmp_path: Path) -> None:
    """Only the rows that walks visit are read: the graph itself need not fit into memory."""
    whole = adjacency(nx.barabasi_albert_graph(300, 3, seed=2))
    seeds = np.arange(0, 300, 7)
    one, other = (
        walk_subgraphs(m, seeds, restart=0.5, rng=np.random.default_rng(1))
        for m in (whole, on_disk(whole, tmp_path))
    )
    assert np.array_equal(one.nodes, other.nodes)
    assert np.array_equal(one.edges, other.edges)


class RowsOnDisk(FeatureStore):
    """PyG's feature store over files of rows: what docs/graph_control.md shows."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder, self.read = folder, 0

    def _get_tensor(self, attr: TensorAttr) -> torch.Tensor:
        rows = np.load(self.folder / f"{attr.attr_name}.npy", mmap_mode="r")[attr.index]
        self.read += len(rows)
        return torch.from_numpy(rows)

    def _put_tensor(self, tensor: torch.Tensor, attr: TensorAttr) -> bool:
        np.save(self.folder / f"{attr.attr_name}.npy", tensor)
        return True

    def _remove_tensor(self, attr: TensorAttr) -> bool:
        raise NotImplementedError("this store is only read")

    def _get_tensor_size(self, attr: TensorAttr) -> tuple[int, ...]:
        return np.load(self.folder / f"{attr.attr_name}.npy", mmap_mode="r").shape

    def get_all_tensor_attrs(self) -> list[TensorAttr]:
        return [TensorAttr(attr_name=file.stem) for file in self.folder.glob("x.npy")]


def test_attributes_in_a_feature_store_are_read_as_walks_visit_them(tmp_path: Path) -> None:
    whole = adjacency(nx.barabasi_albert_graph(2000, 3, seed=2))
    rows = torch.randn(2000, 5)
    store = RowsOnDisk(tmp_path)
    store.put_tensor(rows, group_name="node", attr_name="x", index=None)
    graph = on_disk(whole, tmp_path)
    network = GraphSAGE(5, 8, num_layers=2)
    for part in (np.arange(0, 30), np.arange(30, 50)):
        rng = np.random.default_rng(0)
        subgraphs = walk_subgraphs(graph, part, steps=40, restart=0.5, rng=rng)
        rows_of = torch.from_numpy(subgraphs.nodes)
        given = store.get_tensor(group_name="node", attr_name="x", index=rows_of)
        assert torch.equal(given, rows[subgraphs.nodes])
        vectors = network(given, torch.from_numpy(subgraphs.edges))[subgraphs.offsets[:-1]]
        assert vectors.shape == (len(part), 8)
    assert store.read < 50 * 41
