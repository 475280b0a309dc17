"""A conditioned module is an ordinary module."""

from __future__ import annotations

import copy
import pickle
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.conditioning.attachment import Conditioned, condition
from kgtransfer.conditioning.gates import gates_of
from kgtransfer.errors import ConfigError
from kgtransfer.grounding.base import Grounding

G = Grounding.from_lists(("class",), [{"class": [0]}, {"class": [1]}])


def _conditioned(backbone: nn.Module, width: int, at: tuple[str, ...] = ("",)) -> Conditioned:
    concepts = SimpleNamespace(vectors=torch.randn(2, width))
    return condition(backbone, concepts, G, width=width, at=at)


def _network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 4)).eval()


@pytest.mark.parametrize("at", [("",), ("0",), ("0", "2")])
def test_at_the_start_it_gives_the_plain_output_to_the_bit(at: tuple[str, ...]) -> None:
    plain = _network()
    conditioned = _conditioned(copy.deepcopy(plain), 4, at).eval()
    x = torch.randn(2, 3)
    assert torch.equal(conditioned(x, condition=G), plain(x))


def test_at_the_start_the_real_encoder_is_unchanged_to_the_bit(encoder: TextEncoder) -> None:
    states = encoder.frozen_states(["read a file", "def f(x): return x"])
    plain = encoder(*states.batch([0, 1]))
    conditioned = _conditioned(copy.deepcopy(encoder), encoder.width).eval()
    assert torch.equal(conditioned(*states.batch([0, 1]), condition=G), plain)


@pytest.mark.parametrize("at", [("",), ("0",)])
def test_open_gates_change_the_output_and_no_condition_does_not(at: tuple[str, ...]) -> None:
    conditioned = _conditioned(_network(), 4, at)
    gates_of(conditioned).set({"class": 1.0})
    x = torch.randn(2, 3)
    assert torch.equal(conditioned(x), _network()(x))
    assert not torch.equal(conditioned(x, condition=G), _network()(x))


def test_a_condition_ends_with_its_forward_pass() -> None:
    conditioned = _conditioned(_network(), 4)
    gates_of(conditioned).set({"class": 1.0})
    conditioned(torch.randn(2, 3), condition=G)
    with pytest.raises(RuntimeError):
        conditioned(torch.randn(2, 5), condition=G)
    x = torch.randn(2, 3)
    assert torch.equal(conditioned(x), _network()(x))


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_hooks_survive_copies(clone) -> None:  # type: ignore[no-untyped-def]
    original = _conditioned(_network(), 4)
    copied = clone(original)
    gates_of(copied).set({"class": 1.0})
    x = torch.randn(2, 3)
    assert torch.equal(original(x, condition=G), _network()(x))
    assert not torch.equal(copied(x, condition=G), _network()(x))


def test_an_unknown_conditioner_or_place_is_a_clear_error() -> None:
    with pytest.raises(ConfigError, match="no submodule 'nowhere'"):
        _conditioned(_network(), 4, ("nowhere",))
    concepts = SimpleNamespace(vectors=torch.zeros(2, 4))
    with pytest.raises(ConfigError, match="choose one of: attention, film, gates"):
        condition(_network(), concepts, G, width=4, by="magic")
