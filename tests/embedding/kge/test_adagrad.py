from __future__ import annotations

import pytest
import torch
from torch.sparse import check_sparse_tensor_invariants

from kgtransfer.embedding.kge.adagrad import Adagrad, RateGroup


@pytest.mark.parametrize("sparse", [False, True])
def test_it_moves_parameters_as_torchs_does(sparse: bool) -> None:
    start = torch.randn(20, 4, generator=torch.Generator().manual_seed(0))
    ours, theirs = (torch.nn.Parameter(start.clone()) for _ in range(2))
    own = Adagrad([RateGroup([ours], 0.1)])
    reference = torch.optim.Adagrad([theirs], lr=0.1)
    random = torch.Generator().manual_seed(1)
    for _ in range(5):
        rows = torch.randint(20, (6,), generator=random)
        for parameter, optimizer in ((ours, own), (theirs, reference)):
            optimizer.zero_grad()
            drawn = torch.nn.functional.embedding(rows, parameter, sparse=sparse)
            drawn.square().sum().backward()
            with check_sparse_tensor_invariants(enable=False):
                optimizer.step()
    assert torch.allclose(ours, theirs, atol=1e-6)
    assert torch.allclose(own.sums[ours], reference.state[theirs]["sum"], atol=1e-6)


def test_each_group_has_its_rate_and_what_has_no_gradient_stays() -> None:
    fast, slow, idle = (torch.nn.Parameter(torch.ones(1)) for _ in range(3))
    optimizer = Adagrad([RateGroup([fast, idle], 0.5), RateGroup([slow], 0.25)])
    (fast + slow).sum().backward()
    optimizer.step()
    assert [float(p.detach()) for p in (fast, slow, idle)] == [0.5, 0.75, 1.0]
    optimizer.zero_grad()
    assert fast.grad is None
