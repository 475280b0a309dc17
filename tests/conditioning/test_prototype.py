"""Prototypes stand beside the head, shut at the start."""

from __future__ import annotations

import torch
from torch import nn

from kgtransfer.conditioning.prototype import PrototypeHead


def _head() -> PrototypeHead:
    torch.manual_seed(0)
    return PrototypeHead(nn.Linear(4, 3), torch.eye(3, 5), width=4)


def test_at_the_start_the_logits_are_the_heads_to_the_bit() -> None:
    head, x = _head(), torch.randn(6, 4)
    assert torch.equal(head(x), head.head(x))


def test_what_lies_at_a_prototype_is_of_its_class() -> None:
    head = _head()
    nn.init.zeros_(head.head.weight)
    nn.init.zeros_(head.head.bias)
    with torch.no_grad():
        head.scale.fill_(1.0)
        head.projection.weight.copy_(torch.eye(5, 4))
    logits = head(torch.eye(3, 4))
    assert logits.argmax(dim=1).tolist() == [0, 1, 2]
    assert logits.abs().max() <= 1


def test_the_scale_learns_from_the_start() -> None:
    head = _head()
    nn.functional.cross_entropy(head(torch.randn(6, 4)), torch.arange(6) % 3).backward()
    assert head.scale.grad is not None
    assert head.scale.grad != 0
