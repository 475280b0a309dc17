"""What of a network is trained, whatever its architecture calls its parts."""

from __future__ import annotations

import pytest

from kgtransfer.errors import ConfigError
from kgtransfer.images.backbone import VisionBackbone
from kgtransfer.images.fine_tuning import FineTuning
from kgtransfer.images.network import ClassNetwork


@pytest.fixture(scope="module")
def resnet() -> ClassNetwork:
    backbone = VisionBackbone.named("resnet10t", weights="random")
    return ClassNetwork.of(backbone, 3, size=32)


def _trained(network: ClassNetwork, recipe: FineTuning, trained: str) -> list[int]:
    """Numbers of parameters of head, gates and body."""
    groups = network.groups(recipe, trained)
    return [sum(parameter.numel() for parameter in group.parameters) for group in groups]


def test_all_of_a_network_is_trained_whose_parts_have_other_names(resnet: ClassNetwork) -> None:
    total = sum(parameter.numel() for parameter in resnet.parameters())
    head = 512 * 3 + 3
    assert _trained(resnet, FineTuning(), "all") == [head, 0, total - head]
    assert _trained(resnet, FineTuning(), "head") == [head, 0, 0]


def test_its_last_parts_are_those_that_the_recipe_names(resnet: ClassNetwork) -> None:
    last = sum(parameter.numel() for parameter in resnet.backbone.layer4.parameters())
    assert _trained(resnet, FineTuning(last=("layer4",)), "last") == [512 * 3 + 3, 0, last]
    with pytest.raises(ConfigError, match=r"blocks\.5"):
        resnet.groups(FineTuning(), "last")
