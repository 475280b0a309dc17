"""GraphControl's branch: the plain encoder to the bit at the start, and what it trains."""

from __future__ import annotations

import copy

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp
import torch

from kgtransfer.nodes.encoders.control_branch import ControlBranch
from kgtransfer.nodes.encoders.gin import GIN
from kgtransfer.nodes.subgraphs.batch import GraphBatch
from kgtransfer.nodes.subgraphs.positions import local_positions
from kgtransfer.nodes.subgraphs.walks import walk_subgraphs


@pytest.fixture(scope="module")
def batch() -> GraphBatch:
    graph = nx.barabasi_albert_graph(40, 2, seed=1)
    matrix = sp.csr_array(nx.to_scipy_sparse_array(graph, dtype=np.float32))
    rng = np.random.default_rng(0)
    subgraphs = walk_subgraphs(matrix, np.arange(8), steps=20, restart=0.5, rng=rng)
    return GraphBatch.of(subgraphs, local_positions(subgraphs))


@pytest.mark.parametrize("layerwise", [False, True])
def test_at_the_start_it_is_the_encoder_to_the_bit(batch: GraphBatch, layerwise: bool) -> None:
    encoder = GIN().eval()
    branch = ControlBranch(encoder, layerwise=layerwise)
    condition = torch.randn(len(batch.nodes), 32)
    plain = encoder(batch)
    assert torch.equal(branch.eval()(batch, condition), plain)
    assert torch.equal(branch.train()(batch, condition), plain)


@pytest.mark.parametrize("layerwise", [False, True])
def test_the_frozen_encoder_stays_and_the_copy_learns(batch: GraphBatch, layerwise: bool) -> None:
    branch = ControlBranch(GIN(), layerwise=layerwise).train()
    before = copy.deepcopy(branch.frozen.state_dict())
    condition = torch.randn(len(batch.nodes), 32)
    free = [parameter for parameter in branch.parameters() if parameter.requires_grad]
    optimiser = torch.optim.SGD(free, lr=1e-3)
    for _ in range(3):  # Z2 opens first, then what lies behind it
        loss = (branch(batch, condition) * torch.arange(64)).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert all(
        torch.equal(value, before[name]) for name, value in branch.frozen.state_dict().items()
    )
    assert branch.leave.weight.abs().sum() > 0
    assert branch.enter.weight.abs().sum() > 0
    assert [layer.weight.any().item() for layer in branch.between] == [True] * 4 * layerwise
    assert not torch.equal(branch(batch, condition), branch(batch, -condition))
    assert not branch.frozen.training
