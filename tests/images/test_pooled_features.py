"""Weights that end before the head: features are pooled, and a new head stands on them."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from kgtransfer.errors import DataError
from kgtransfer.images.backbone import VisionBackbone
from kgtransfer.images.network import ClassNetwork

NAME = "mobilenetv3_small_050"
AFTER = ("classifier", "conv_head")  # of this model: what its features do without


@pytest.fixture(scope="module")
def whole() -> torch.nn.Module:
    torch.manual_seed(0)
    return VisionBackbone.named(NAME, weights="random").build().eval()


def _saved(model: torch.nn.Module, without: tuple[str, ...], folder: Path) -> Path:
    state = model.state_dict().items()
    kept = {name: value for name, value in state if name.partition(".")[0] not in without}
    path = folder / f"{NAME}_features.safetensors"
    save_file(kept, path)
    return path


def test_features_are_those_of_the_model_and_are_pooled(
    whole: torch.nn.Module, tmp_path: Path
) -> None:
    backbone = VisionBackbone.named(NAME, weights=_saved(whole, AFTER, tmp_path))
    assert backbone.gone == AFTER
    model = backbone.build(0).eval()
    images = torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        expected = whole.forward_features(images).mean(dim=(2, 3))
        assert torch.allclose(model(images), expected, atol=1e-6)
        assert backbone.build(4).eval()(images).shape == (2, 4)
    assert backbone.width == expected.shape[1]


def test_knowledge_enters_before_the_new_head(whole: torch.nn.Module, tmp_path: Path) -> None:
    backbone = VisionBackbone.named(NAME, weights=_saved(whole, AFTER, tmp_path))
    network = ClassNetwork.of(backbone, 3, size=64, at=("global_pool",))
    activations = network.activations(torch.zeros(2, 3, 64, 64, dtype=torch.uint8))
    assert activations is not None
    assert activations.shape == (2, backbone.width)


def test_weights_that_lack_a_part_of_the_features_are_refused(
    whole: torch.nn.Module, tmp_path: Path
) -> None:
    path = _saved(whole, (*AFTER, "conv_stem"), tmp_path)
    with pytest.raises(DataError, match="not weights of mobilenetv3_small_050"):
        VisionBackbone.named(NAME, weights=path)


def test_what_the_weights_expect_of_pixels_can_be_said() -> None:
    expected = ((0.4, 0.4, 0.4), (1 / 255,) * 3)
    plain, own = (
        VisionBackbone.named(NAME, weights="random", expected=each) for each in (None, expected)
    )
    assert own.normalisation == expected
    assert plain.normalisation != expected
    assert plain.hash != own.hash
