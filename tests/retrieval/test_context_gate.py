"""The context gate: identity at the start, a mixture of two vectors afterwards."""

from __future__ import annotations

import copy

import pytest
import torch

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.retrieval.context_gate import ContextGate, context_gate_of

X, IN_CONTEXT = torch.tensor([[1.0, 2.0]]), torch.tensor([[5.0, -2.0]])


def test_at_the_start_the_real_encoder_is_unchanged_to_the_bit(encoder: TextEncoder) -> None:
    plain_inputs = encoder.frozen_states(["def f(x): return x"]).batch([0])
    context = encoder.frozen_states(["basket shop\ndef f(x): return x"]).batch([0])
    plain = encoder(*plain_inputs)
    gated = ContextGate(copy.deepcopy(encoder)).eval()
    assert torch.equal(gated(*plain_inputs, context=context), plain)
    gated.gate.data.fill_(0.5)
    assert torch.equal(gated(*plain_inputs), plain)
    assert not torch.equal(gated(*plain_inputs, context=context), plain)


@pytest.mark.parametrize(("gate", "expected"), [(0.25, [2.0, 1.0]), (1.0, [5.0, -2.0])])
def test_the_gate_says_how_far_to_go(gate: float, expected: list[float]) -> None:
    gated = ContextGate(torch.nn.Identity())
    gated.gate.data.fill_(gate)
    assert gated(X, context=(IN_CONTEXT,)).tolist() == [expected]


def test_the_gate_learns_from_the_first_step() -> None:
    gated = ContextGate(torch.nn.Identity())
    gated(X, context=(torch.tensor([[0.0, 2.0]]),)).sum().backward()
    assert gated.gate.grad is not None
    assert gated.gate.grad.item() == -1.0


def test_it_is_found_inside_a_model() -> None:
    gated = ContextGate(torch.nn.Identity())
    assert context_gate_of(torch.nn.Sequential(gated)) is gated
