"""A conditioned module is an ordinary module, and knows its concepts by their IRIs."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import timm
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.conditioning.attachment import CONDITIONERS, Conditioned, condition
from kgtransfer.conditioning.gates import RelationGates, gates_of
from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.errors import ConfigError, DataError
from kgtransfer.grounding.base import Grounding

CELLS = [{"class": [0]}, {"class": [1]}]
G = Grounding.from_lists(("e:a", "e:b"), ("class",), CELLS)
WIDTH = 4


def _concepts(iris: Sequence[str] = ("e:a", "e:b"), width: int = WIDTH) -> ConceptEmbeddings:
    """The same vector for an IRI, wherever it stands."""
    vectors = [
        torch.randn(width, generator=torch.Generator().manual_seed(sum(map(ord, iri))))
        for iri in iris
    ]
    return ConceptEmbeddings.from_parts(iris, {"text": torch.stack(vectors)}, {})


def _network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH)).eval()


def _conditioned(at: str | Sequence[str] = "", by: Any = "gates", **more: Any) -> Conditioned:
    torch.manual_seed(1)
    return condition(_network(), more.pop("concepts", _concepts()), G, by=by, at=at, width=WIDTH)


def _opened(by: str, concepts: ConceptEmbeddings) -> Conditioned:
    """With whatever starts at zero moved, so that concepts count."""
    model = _conditioned(by=by, concepts=concepts)
    torch.manual_seed(2)
    for parameter in model.conditioners[0].parameters():
        nn.init.normal_(parameter, std=0.5)
    return model


class Added(nn.Module):
    """A user's conditioner: adds the mean vector of a sample's concepts, times a factor."""

    def __init__(self, embeddings: Tensor, relations: Sequence[str], width: int) -> None:
        super().__init__()
        assert tuple(relations) == ("class",)
        self.vectors = F.pad(embeddings, (0, width - embeddings.shape[1]))
        self.factor = nn.Parameter(torch.zeros(()))

    def forward(self, x: Tensor, condition: Grounding) -> Tensor:
        mean = condition.condition(self.vectors).mean(dim=1)
        return x + self.factor * mean.view(len(x), *[1] * (x.ndim - 2), -1)


@pytest.mark.parametrize("at", ["", "0", ("0", "2")])
def test_at_the_start_it_gives_the_plain_output_to_the_bit(at: str | tuple[str, ...]) -> None:
    x = torch.randn(2, 3)
    assert torch.equal(_conditioned(at)(x, condition=G), _network()(x))


@pytest.mark.parametrize("by", [*CONDITIONERS, Added])
@pytest.mark.parametrize("at", ["global_pool", "layer3", ("layer1", "layer4")])
def test_at_the_start_a_real_image_model_is_unchanged_to_the_bit(
    at: str | tuple[str, ...], by: Any
) -> None:
    torch.manual_seed(0)
    model = timm.create_model("test_resnet", num_classes=5).eval()
    images = torch.randn(2, 3, 96, 96)
    plain = model(images)
    conditioned = condition(model, _concepts(width=32), G, by=by, at=at).eval()
    assert torch.equal(conditioned(images, condition=G), plain)


@pytest.mark.parametrize("by", [*CONDITIONERS, Added])
def test_at_the_start_a_real_text_encoder_is_unchanged_to_the_bit(
    encoder: TextEncoder, by: Any
) -> None:
    states = encoder.frozen_states(["read a file", "def f(x): return x"]).batch([0, 1])
    plain = encoder(*states)
    concepts = _concepts(width=encoder.width)
    conditioned = condition(copy.deepcopy(encoder), concepts, G, by=by).eval()
    assert torch.equal(conditioned(*states, condition=G), plain)


@pytest.mark.parametrize("at", ["", "0"])
def test_open_gates_change_the_output_and_no_condition_does_not(at: str) -> None:
    conditioned = _conditioned(at)
    gates_of(conditioned).set({"class": 1.0})
    x = torch.randn(2, 3)
    assert torch.equal(conditioned(x), _network()(x))
    assert not torch.equal(conditioned(x, condition=G), _network()(x))


@pytest.mark.parametrize("by", CONDITIONERS)
def test_vectors_in_another_order_condition_alike(by: str) -> None:
    x = torch.randn(2, 3)
    expected = _opened(by, _concepts())(x, condition=G)
    assert not torch.equal(expected, _network()(x))
    turned = _opened(by, _concepts(("e:c", "e:b", "e:a")))
    assert torch.equal(turned(x, condition=G), expected)


@pytest.mark.parametrize("by", CONDITIONERS)
def test_a_grounding_in_another_order_is_refused(by: str) -> None:
    """As many rows in another order would condition on the wrong concepts without a word."""
    model, x = _opened(by, _concepts()), torch.randn(2, 3)
    turned = replace(G, concepts=("e:b", "e:a"))
    with pytest.raises(DataError, match="concept 0 is <e:b>, not <e:a>"):
        model(x, condition=turned)
    with pytest.raises(DataError, match="it has one more concept <e:c>"):
        model(x, condition=replace(G, concepts=("e:a", "e:b", "e:c")))
    with pytest.raises(DataError, match="relation 0 is <callers>, not <class>"):
        model(x, condition=replace(G, relations=("callers",)))
    copied = replace(G, concepts=tuple(iri.encode().decode() for iri in G.concepts))
    assert torch.equal(model(x, condition=copied), model(x, condition=G))


def test_a_refused_grounding_leaves_nothing_behind() -> None:
    model, x = _opened("film", _concepts()), torch.randn(2, 3)
    with pytest.raises(DataError):
        model(x, condition=replace(G, concepts=("e:b", "e:a")))
    assert torch.equal(model(x), _network()(x))


def test_a_concept_without_a_vector_is_named() -> None:
    wider = replace(G, concepts=("e:a", "e:b", "e:c", "e:d"))
    with pytest.raises(DataError, match=r"<e:c> has no vector, nor have 1 others[\s\S]*select="):
        condition(_network(), _concepts(), wider, width=WIDTH)
    twice = replace(G, concepts=("e:a", "e:a"))
    with pytest.raises(DataError, match="names the concept <e:a> twice"):
        condition(_network(), _concepts(), twice, width=WIDTH)


def test_a_condition_ends_with_its_forward_pass() -> None:
    conditioned = _conditioned()
    gates_of(conditioned).set({"class": 1.0})
    conditioned(torch.randn(2, 3), condition=G)
    with pytest.raises(RuntimeError):
        conditioned(torch.randn(2, 5), condition=G)
    x = torch.randn(2, 3)
    assert torch.equal(conditioned(x), _network()(x))


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_hooks_survive_copies(clone: Callable[[Conditioned], Conditioned]) -> None:
    original = _conditioned()
    copied = clone(original)
    gates_of(copied).set({"class": 1.0})
    x = torch.randn(2, 3)
    assert torch.equal(original(x, condition=G), _network()(x))
    assert not torch.equal(copied(x, condition=G), _network()(x))


def _adding(embeddings: Tensor, relations: Sequence[str], width: int) -> nn.Module:
    return Added(embeddings, relations, width)


@pytest.mark.parametrize("by", [Added, _adding, Added(_concepts().vectors, ("class",), WIDTH)])
def test_a_conditioner_of_the_users_own(by: Any) -> None:
    model, x = _conditioned(by=by), torch.randn(2, 3)
    assert torch.equal(model(x, condition=G), _network()(x))
    (conditioner,) = model.conditioners
    nn.init.constant_(conditioner.get_parameter("factor"), 2.0)
    expected = _network()(x) + 2 * _concepts().vectors
    torch.testing.assert_close(model(x, condition=G), expected)
    nn.init.zeros_(conditioner.get_parameter("factor"))


def test_an_unknown_conditioner_or_site_is_a_clear_error() -> None:
    with pytest.raises(ConfigError, match="no submodule 'nowhere'"):
        _conditioned("nowhere")
    with pytest.raises(ConfigError, match="choose one of: attention, film, gates"):
        _conditioned(by="magic")


def test_widths_are_found(encoder: TextEncoder) -> None:
    def width(model: nn.Module, at: str = "", **more: Any) -> int:
        site = condition(model, _concepts(), G, at=at, **more).conditioners[0]
        assert isinstance(site, RelationGates)
        assert isinstance(site.projection, nn.Linear)
        return site.projection.out_features

    image_model = timm.create_model("test_resnet", num_classes=5).eval()
    wide = [width(image_model, at) for at in ("layer1", "layer3", "global_pool", "fc")]
    assert wide == [32, 192, 96, 5]
    assert width(encoder) == 384
    states = encoder.frozen_states(["read a file"]).batch([0])
    assert width(encoder, "layers.0.output", example=states) == 384
    plain = nn.Sequential(nn.Linear(3, 7))
    assert width(plain, example=torch.zeros(1, 3)) == 7
    assert width(plain, width=7) == 7


def test_a_width_that_cannot_be_found_asks_for_an_example() -> None:
    with pytest.raises(ConfigError, match=r"input of Sequential looks like[\s\S]*example="):
        condition(_network(), _concepts(), G)
    grey = timm.create_model("test_resnet", num_classes=5, in_chans=1)
    grey.pretrained_cfg = {"input_size": (3, 64, 64)}
    with pytest.raises(ConfigError, match=r"image \(1, 3, 64, 64\)[\s\S]*example="):
        condition(grey, _concepts(), G, at="layer1")
    with pytest.raises(ConfigError, match="no width for '2'"):
        condition(_network(), _concepts(), G, at=("0", "2"), width={"0": WIDTH})
    several = SimpleNamespace(output=nn.LSTM(3, 3))
    with pytest.raises(ConfigError, match="the backbone gives a tuple, no tensor"):
        condition(several.output, _concepts(), G, example=torch.zeros(1, 2, 3))


def test_a_conditioned_backbone_is_not_conditioned_again() -> None:
    with pytest.raises(ConfigError, match="conditioned already"):
        condition(_conditioned(), _concepts(), G, by="film", width=WIDTH)
    with pytest.raises(ConfigError, match="no site"):
        condition(_network(), _concepts(), G, at=[], width=WIDTH)


@pytest.mark.parametrize("by", [*CONDITIONERS])
def test_as_many_samples_are_grounded_as_are_in_the_batch(by: str) -> None:
    model = _opened(by, _concepts())
    with pytest.raises(DataError, match=f"{len(G)} grounded samples condition a batch of 3"):
        model(torch.randn(3, 3), condition=G)


def test_replicas_that_lose_their_condition_are_refused() -> None:
    replica = _conditioned()
    replica._is_replica = True  # as torch.nn.parallel.replicate marks them
    with pytest.raises(ConfigError, match="DataParallel leaves conditions behind"):
        replica(torch.randn(2, 3), condition=G)
