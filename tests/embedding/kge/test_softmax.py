from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.embedding.kge import softmax
from kgtransfer.embedding.kge.softmax import Answers, dot_cross_entropy, score_cross_entropy

# Two questions with two and three answers, one of them given twice, and one with one answer.
ANSWERS = Answers(
    row=torch.tensor([0, 0, 1, 1, 1, 2]),
    column=torch.tensor([4, 0, 3, 3, 6, 1]),
    uses=torch.tensor([2, 3, 1]),
    barred=torch.tensor([-1, 5, -1]),
)


def naive(scores: torch.Tensor) -> torch.Tensor:
    """Each triple by itself, the second question's barred candidate left out."""
    left_out = torch.zeros_like(scores)
    left_out[1, 5] = -torch.inf
    return F.cross_entropy((scores + left_out)[ANSWERS.row], ANSWERS.column)


@pytest.fixture(autouse=True)
def in_float32(monkeypatch):
    """Exact arithmetic, whatever the processor is fast at."""
    monkeypatch.setattr(softmax, "has_fast_bfloat16", lambda device: False)


def vectors(*sizes: int, seed: int = 0) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(n, 8, generator=generator).double().requires_grad_() for n in sizes]


@pytest.mark.parametrize("block", [1, 14, 4_000_000])
def test_dot_products_give_the_naive_loss_and_gradients(block, monkeypatch):
    monkeypatch.setattr(softmax, "BLOCK", block)
    leaves, copies = vectors(3, 7), vectors(3, 7)
    loss = dot_cross_entropy(*leaves, ANSWERS)
    expected = naive(copies[0] @ copies[1].T)
    torch.testing.assert_close(loss, expected, rtol=1e-5, atol=1e-6)
    (3 * loss).backward()
    (3 * expected).backward()
    for leaf, copy in zip(leaves, copies, strict=True):
        torch.testing.assert_close(leaf.grad, copy.grad, rtol=1e-5, atol=1e-6)


def test_any_scores_give_the_naive_loss():
    queries, keys = vectors(3, 7)
    scores = -torch.cdist(queries, keys)
    loss = score_cross_entropy(scores, ANSWERS)
    torch.testing.assert_close(loss, naive(scores), rtol=1e-5, atol=1e-6)


@given(st.floats(0.1, 1e4))
def test_large_scores_stay_finite(scale):
    queries, keys = (v.detach().mul(scale).requires_grad_() for v in vectors(3, 7))
    loss = dot_cross_entropy(queries, keys, ANSWERS)
    loss.backward()
    assert loss.isfinite()
    assert queries.grad.isfinite().all()
    assert keys.grad.isfinite().all()
