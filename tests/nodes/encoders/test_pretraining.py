"""Pre-training: what it is given, that it learns, and that it goes on where it stopped."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp
import torch

from kgtransfer.errors import ConfigError, DataError
from kgtransfer.nodes.encoders.gin import GIN, load_gin
from kgtransfer.nodes.encoders.pretraining import (
    MoCo,
    PairSampler,
    PretrainingSettings,
    pretrain,
    read_corpus,
)


@pytest.fixture(scope="module")
def adjacency() -> sp.csr_array:
    graph = nx.barabasi_albert_graph(120, 2, seed=0)
    return sp.csr_array(nx.to_scipy_sparse_array(graph, dtype=np.float32))


def test_graphs_stand_side_by_side(tmp_path: Path) -> None:
    path = tmp_path / "corpus.npz"
    np.savez(path, one=np.array([[0, 1], [1, 2]]), two=np.array([[0], [1]]))
    assert read_corpus(path).toarray()[3:, 3:].tolist() == [[0, 1], [1, 0]]
    assert read_corpus(path).sum() == 6
    assert read_corpus(path, without=["one"]).shape == (2, 2)
    with pytest.raises(ConfigError, match=r"no graph three[\s\S]*one, two"):
        read_corpus(path, without=["three"])
    with pytest.raises(DataError, match="no graph is left"):
        read_corpus(path, without=["one", "two"])
    with pytest.raises(DataError, match="no archive"):
        read_corpus(tmp_path / "none.npz")


def test_nodes_are_drawn_by_their_degree(adjacency: sp.csr_array) -> None:
    one, other = PairSampler(adjacency).pairs(3000, np.random.default_rng(0))
    assert torch.equal(one.nodes[one.roots], other.nodes[other.roots])
    counts = np.bincount(one.nodes[one.roots], minlength=120)
    degrees = np.diff(adjacency.indptr)
    share = degrees**0.75 / (degrees**0.75).sum()
    assert np.abs(counts / 3000 - share).max() < 0.015


def test_the_loss_falls(adjacency: sp.csr_array, tmp_path: Path) -> None:
    losses: list[float] = []
    settings = PretrainingSettings(pairs=32 * 24, batch=32)
    weights = tmp_path / "w.safetensors"
    encoder = pretrain(adjacency, weights, settings, on_step=lambda _, loss: losses.append(loss))
    assert np.mean(losses[-5:]) < np.mean(losses[:5])
    loaded = load_gin(weights).state_dict()
    assert all(torch.equal(value, loaded[name]) for name, value in encoder.state_dict().items())
    assert not weights.with_suffix(".checkpoint").exists()


@pytest.mark.parametrize("method", ["in-batch", "moco"])
def test_an_interrupted_run_ends_as_if_it_had_not_been(
    adjacency: sp.csr_array, tmp_path: Path, method: str
) -> None:
    settings = PretrainingSettings(method=method, pairs=16 * 6, batch=16)

    def stop(step: int, loss: float) -> None:
        if step == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pretrain(adjacency, tmp_path / "a.safetensors", settings, every=2, on_step=stop)
    resumed = pretrain(adjacency, tmp_path / "a.safetensors", settings, every=2)
    whole = pretrain(adjacency, tmp_path / "b.safetensors", settings)
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name


def test_the_oldest_keys_leave_the_queue(adjacency: sp.csr_array) -> None:
    moco = MoCo(GIN(), keys=6)
    before = moco.queue.clone()
    one, other = PairSampler(adjacency).pairs(4, np.random.default_rng(0))
    moco(one, other)
    assert not torch.equal(moco.queue[:4], before[:4])
    assert torch.equal(moco.queue[4:], before[4:])
    assert int(moco.place) == 4
    moco(one, other)
    assert int(moco.place) == 2


def test_no_method_of_that_name(adjacency: sp.csr_array, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="in-batch, moco"):
        pretrain(adjacency, tmp_path / "w.safetensors", PretrainingSettings(method="other"))
