"""GCC's encoder: its size, its invariances, its weights, and other people's networks."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp
import torch
from torch_geometric.nn.models import GraphSAGE

from kgtransfer.errors import DataError, RunError
from kgtransfer.nodes.encoders.gin import GIN, PyGEncoder, load_gin
from kgtransfer.nodes.subgraphs.batch import GraphBatch
from kgtransfer.nodes.subgraphs.positions import local_positions
from kgtransfer.nodes.subgraphs.walks import Subgraphs, walk_subgraphs
from kgtransfer.training.checkpoint import write_safetensors


@pytest.fixture(scope="module")
def subgraphs() -> Subgraphs:
    graph = nx.barabasi_albert_graph(60, 2, seed=1)
    matrix = sp.csr_array(nx.to_scipy_sparse_array(graph, dtype=np.float32))
    rng = np.random.default_rng(0)
    return walk_subgraphs(matrix, np.arange(12), steps=30, restart=0.5, rng=rng)


@pytest.fixture(scope="module")
def batch(subgraphs: Subgraphs) -> GraphBatch:
    return GraphBatch.of(subgraphs, local_positions(subgraphs))


def test_it_has_the_parameters_of_the_paper() -> None:
    assert sum(parameter.numel() for parameter in GIN().parameters()) == 61_904


def test_vectors_are_unit_vectors_and_do_not_depend_on_the_batch(
    subgraphs: Subgraphs, batch: GraphBatch
) -> None:
    encoder = GIN().eval()
    vectors = encoder(batch)
    assert vectors.shape == (12, 64)
    assert torch.allclose(vectors.norm(dim=1), torch.ones(12))
    chosen = np.array([7, 2])
    some = GraphBatch.of(subgraphs.take(chosen), batch.positions.numpy()[subgraphs.places(chosen)])
    assert torch.allclose(encoder(some), vectors[[7, 2]], atol=1e-5)


def test_the_order_of_places_does_not_matter(subgraphs: Subgraphs, batch: GraphBatch) -> None:
    one = subgraphs.take(np.array([3]))
    rows = torch.from_numpy(batch.positions.numpy()[subgraphs.places(np.array([3]))])
    size = len(one.nodes)
    order = np.concatenate([[0], 1 + np.random.default_rng(0).permutation(size - 1)])
    back = np.argsort(order)
    edges = back[one.edges]
    edges = edges[:, np.lexsort((edges[1], edges[0]))]
    turned = Subgraphs(one.nodes[order], one.offsets, edges)
    encoder = GIN().eval()
    plain = encoder(GraphBatch.of(one, rows.numpy()))
    assert torch.allclose(encoder(GraphBatch.of(turned, rows.numpy()[order])), plain, atol=1e-5)


def test_neighbours_are_summed_edge_by_edge(batch: GraphBatch) -> None:
    states = torch.randn(len(batch.nodes), 3)
    wanted = torch.zeros_like(states).index_add(0, batch.edges[0], states[batch.edges[1]])
    assert torch.allclose(batch.neighbours(states), wanted, atol=1e-5)


def test_flipping_draws_a_sign_a_column(batch: GraphBatch) -> None:
    flipped = batch.flipped(torch.Generator().manual_seed(1)).positions
    assert torch.equal(flipped.abs(), batch.positions.abs())
    signs = (flipped / batch.positions).nan_to_num(nan=0.0)
    for column in range(4):
        assert len(set(signs[:, column].tolist()) - {0.0}) == 1


def test_weights_come_back_and_wrong_ones_are_refused(tmp_path: Path, batch: GraphBatch) -> None:
    encoder = GIN().eval()
    write_safetensors(tmp_path / "own.safetensors", encoder.state_dict())
    loaded = load_gin(tmp_path / "own.safetensors")
    assert torch.equal(loaded(batch), encoder(batch))
    write_safetensors(tmp_path / "other.safetensors", {"weight": torch.zeros(2)})
    with pytest.raises(RunError, match="holds no weights of this encoder"):
        load_gin(tmp_path / "other.safetensors")
    with pytest.raises(DataError):
        load_gin(tmp_path / "none.safetensors")


def test_a_network_of_pyg_reads_the_same_batches(batch: GraphBatch) -> None:
    encoder = PyGEncoder(GraphSAGE(49, 16, num_layers=2, out_channels=8), width=8)
    vectors = encoder(batch)
    assert vectors.shape == (12, 8)
    vectors.sum().backward()
    assert encoder.degree.weight.grad is not None


@pytest.mark.parametrize("name", ["gcc", "gcc-without-hindex"])
def test_the_weights_that_come_along_tell_places_apart(name: str) -> None:
    """Two walks from one node look more alike than walks from two: what pre-training is for."""
    graph = nx.barabasi_albert_graph(400, 3, seed=5)
    matrix = sp.csr_array(nx.to_scipy_sparse_array(graph, dtype=np.float32))
    seeds = np.arange(0, 400, 8)

    def vectors(encoder: GIN, seed: int) -> torch.Tensor:
        rng = np.random.default_rng(seed)
        walked = walk_subgraphs(matrix, seeds, restart=0.8, induced=True, rng=rng)
        with torch.no_grad():
            return encoder(GraphBatch.of(walked, np.abs(local_positions(walked))))

    encoder = load_gin(name)
    one, other = vectors(encoder, 1), vectors(encoder, 2)
    same = (one * other).sum(dim=1)
    crossed = (one * other.roll(7, dims=0)).sum(dim=1)
    assert (same > crossed).float().mean() > 0.7
