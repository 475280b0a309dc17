"""A dense grounding conditions as the sparse one of the same weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.conditioning.attention import ConceptAttention
from kgtransfer.conditioning.film import FiLM
from kgtransfer.conditioning.gates import RelationGates
from kgtransfer.grounding.dense import DenseGrounding
from kgtransfer.grounding.observations import Observations

VALUES = {"size": ("big", "small"), "taste": ("sour", "sweet", "bitter")}
CONCEPTS = ("sweet", "big", "small", "unmeasured")


def _both(samples: int, seed: int) -> tuple[object, DenseGrounding]:
    random = np.random.default_rng(seed)
    weights = {a: random.dirichlet(np.ones(len(v)), samples) for a, v in VALUES.items()}
    sparse = Observations(VALUES, weights).grounding(CONCEPTS)
    shown = [weights["taste"][:, 1], *weights["size"].T, np.zeros(samples)]
    membership = torch.tensor([[0.0, 1, 1, 0], [1, 0, 0, 0]])
    dense = torch.from_numpy(np.stack(shown, axis=1)).float()
    return sparse, DenseGrounding(CONCEPTS, tuple(VALUES), dense, membership)


@given(samples=st.integers(1, 5), seed=st.integers(0, 999))
def test_it_pools_as_the_sparse_one(samples: int, seed: int) -> None:
    sparse, dense = _both(samples, seed)
    vectors = torch.randn(4, 3, generator=torch.Generator().manual_seed(seed))
    assert dense.samples == samples
    assert torch.allclose(dense.condition(vectors), sparse.condition(vectors), atol=1e-6)


@pytest.mark.parametrize("conditioner", [ConceptAttention, FiLM, RelationGates])
def test_it_conditions_as_the_sparse_one(conditioner: type) -> None:
    sparse, dense = _both(6, 1)
    torch.manual_seed(0)
    module = conditioner(torch.randn(4, 3), tuple(VALUES), 8)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.normal_()
    x = torch.randn(6, 8)
    moved = module(x, dense.to("cpu"))
    assert (moved - x).abs().max() > 0.01
    assert torch.allclose(moved, module(x, sparse), atol=1e-5)
