"""From activations the head alone gives what the whole network gives, to the bit."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.grounding.base import Grounding
from kgtransfer.images import head as head_module
from kgtransfer.images.backbone import VisionBackbone
from kgtransfer.images.head import ClassHead
from kgtransfer.images.network import ClassNetwork

GROUNDING = Grounding(
    ("e:a", "e:b"),
    ("e:colour",),
    torch.tensor([0, 1, 3]),
    torch.tensor([0, 0, 1]),
    torch.tensor([1.0, 0.5, 0.5]),
)


def _network(at: tuple[str, ...], by: str = "film", views: int = 1) -> ClassNetwork:
    concepts = ConceptEmbeddings.from_parts(("e:a", "e:b"), {"text": torch.eye(2)}, {})
    network = ClassNetwork.of(
        VisionBackbone.named("mobilenetv3_small_050", weights="random"),
        3,
        size=32,
        by=by,
        concepts=concepts,
        relations=("e:colour",),
        at=at,
        views=views,
    )
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.01 * torch.randn_like(parameter))
    return network.eval()


@pytest.mark.parametrize("by", ["film", "attention", ""])
def test_the_head_says_what_the_network_says(by: str) -> None:
    torch.manual_seed(0)
    network = _network(("global_pool",), by)
    pixels = torch.randint(0, 256, (2, 3, 32, 32), dtype=torch.uint8)
    head = ClassHead.of(network)
    assert head is not None
    kept = head.activations(pixels)
    with torch.no_grad():
        told = head.logits(kept, GROUNDING)
        whole = network(network.normalised(pixels), GROUNDING)
    torch.testing.assert_close(told, whole, rtol=0, atol=0)
    assert len(torch.unique(told)) > 1


@pytest.mark.parametrize(("views", "alike"), [(1, False), (8, True)])
def test_over_all_views_a_turned_image_is_the_same_image(views: int, alike: bool) -> None:
    torch.manual_seed(0)
    network = _network(("global_pool",), views=views)
    pixels = torch.randint(0, 256, (2, 3, 32, 32), dtype=torch.uint8)
    head = ClassHead.of(network)
    assert head is not None
    upright, lying = (
        head.activations(images).float() for images in (pixels, torch.rot90(pixels, 1, (2, 3)))
    )
    turning, another_image = (upright - lying).norm(), (upright[0] - upright[1]).norm()
    assert (turning < 0.1 * another_image).item() is alike


def test_a_head_learns_from_kept_activations() -> None:
    network = _network(("global_pool",))
    head = ClassHead.of(network)
    assert head is not None
    kept = head.activations(torch.zeros(2, 3, 32, 32, dtype=torch.uint8))
    network.train()
    head.logits(kept, GROUNDING).square().sum().backward()
    assert network.backbone.get_classifier().weight.grad.abs().sum() > 0
    assert network.backbone.conv_stem.weight.grad is None


@pytest.mark.parametrize("at", [("blocks.3",), ("blocks.3", "global_pool")])
def test_where_knowledge_reaches_earlier_layers_there_is_no_such_head(
    at: tuple[str, ...],
) -> None:
    assert ClassHead.of(_network(at)) is None
    assert ClassHead.of(SimpleNamespace(at="")) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(("largest", "kept"), [(288, True), (287, False)])
def test_activations_of_a_data_set_are_kept_where_they_are_few(
    monkeypatch: pytest.MonkeyPatch, largest: int, kept: bool
) -> None:
    monkeypatch.setattr(head_module, "LARGEST", largest)
    network = _network(("global_pool",))
    activations = network.activations(torch.zeros(2, 3, 32, 32, dtype=torch.uint8))
    assert (activations is not None) is kept
