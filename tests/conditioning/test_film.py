"""FiLM and attention: the identity at the start on every kind of output, and learnable."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn

from kgtransfer.conditioning.attention import ConceptAttention
from kgtransfer.conditioning.film import FiLM
from kgtransfer.grounding.base import Grounding

IRIS = ("e:red", "e:blue", "e:round", "e:flat")
G = Grounding.from_lists(
    IRIS, ("colour", "shape"), [{"colour": [0], "shape": [2]}, {"colour": [1, 0]}]
)
E = torch.randn(4, 6, generator=torch.Generator().manual_seed(0))
KINDS = [FiLM, ConceptAttention]
SHAPES = [(2, 8), (2, 5, 8), (2, 3, 3, 8)]  # vectors, tokens, maps with channels last


def _module(kind: type[nn.Module]) -> nn.Module:
    torch.manual_seed(0)
    return kind(E, G.relations, 8)


def _opened(kind: type[nn.Module]) -> nn.Module:
    module = _module(kind)
    for parameter in module.parameters():
        nn.init.normal_(parameter, std=0.5)
    return module


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_at_the_start_it_is_the_identity_to_the_bit(kind: type, shape: tuple[int, ...]) -> None:
    x = torch.randn(shape)
    assert torch.equal(_module(kind)(x, G), x)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_samples_do_not_see_each_others_concepts(kind: type, shape: tuple[int, ...]) -> None:
    module, x = _opened(kind), torch.randn(shape)
    both = module(x, G)
    for sample in range(2):
        alone = module(x[sample : sample + 1], G[[sample]])
        torch.testing.assert_close(both[sample : sample + 1], alone)
    swapped = module(x, G[[1, 0]])
    assert not torch.allclose(swapped, both)


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_step_opens_the_gate(kind: type) -> None:
    module, x = _module(kind), torch.randn(2, 8)
    before = copy.deepcopy(module.state_dict())
    (module(x, G) * torch.arange(8.0)).sum().backward()
    torch.optim.SGD(module.parameters(), lr=0.1).step()
    moved = {n for n, value in module.state_dict().items() if not torch.equal(value, before[n])}
    assert moved
    assert all(n.startswith(("output", "scale_and_shift")) for n in moved)
    assert not torch.equal(module(x, G), x)


@pytest.mark.parametrize(("kind", "name"), [(FiLM, "film"), (ConceptAttention, "attention")])
def test_the_gate_is_the_norm_of_what_starts_at_zero(kind: type, name: str) -> None:
    module = _module(kind)
    assert module.gate_values() == {name: 0.0}
    last = module.output if kind is ConceptAttention else module.scale_and_shift
    nn.init.zeros_(last.weight)
    with torch.no_grad():
        last.weight[0, :2] = torch.tensor([3.0, -4.0])
    assert module.gate_values() == {name: 5.0}


@pytest.mark.parametrize("kind", KINDS)
def test_the_vectors_of_the_concepts_are_not_saved_with_the_module(kind: type) -> None:
    assert "embeddings" not in _module(kind).state_dict()


def test_attention_reads_nothing_that_a_sample_does_not_show() -> None:
    """Concepts 1 and 2 are another sample's: whatever their vectors, nothing changes."""
    module = _opened(ConceptAttention)
    assert isinstance(module, ConceptAttention)
    x = torch.randn(2, 8)
    shown = Grounding.from_lists(IRIS, ("a",), [{"a": [0]}, {"a": [1, 2]}])
    before = module(x, shown)
    module.embeddings[1:3] = torch.randn(2, 6)
    after = module(x, shown)
    torch.testing.assert_close(after[0], before[0])
    assert not torch.allclose(after[1], before[1])


@pytest.mark.parametrize("kind", KINDS)
def test_a_sample_without_concepts_has_a_finite_output(kind: type) -> None:
    bare = Grounding.from_lists(IRIS, G.relations, [{}, {"colour": [0]}])
    out: Tensor = _opened(kind)(torch.randn(2, 8), bare)
    assert out.isfinite().all()


def test_attention_leaves_a_sample_without_concepts_alone() -> None:
    x = torch.randn(2, 8)
    bare = Grounding.from_lists(IRIS, G.relations, [{}, {"colour": [0]}])
    none = Grounding.from_lists(IRIS, G.relations, [{}, {}])
    assert torch.equal(_opened(ConceptAttention)(x, bare)[0], x[0])
    assert torch.equal(_opened(ConceptAttention)(x, none), x)
