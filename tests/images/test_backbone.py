"""Vision backbones: by name, from files, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from kgtransfer.conditioning.attachment import condition
from kgtransfer.conditioning.sites import widths
from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.errors import ConfigError, DataError
from kgtransfer.grounding.base import Grounding
from kgtransfer.images.backbone import VisionBackbone

G = Grounding.from_lists(("e:a", "e:b"), ("a",), [{"a": [0]}, {"a": [1]}])
LITE = "tf_efficientnet_lite0"

WALK = {  # name -> a place for a condition, its channels, width before the head
    "inception_v3": ("Mixed_6e", 768, 2048),
    "densenet121": ("features.denseblock3", 1024, 1024),
    "resnet50": ("layer3", 1024, 2048),
    "mobilenetv2_100": ("blocks.4", 96, 1280),
    "vgg16": ("features", 512, 4096),
    "convnext_tiny": ("stages.2", 384, 768),
    "swin_tiny_patch4_window7_224": ("layers.2", 384, 768),
    "vit_small_patch14_dinov2": ("blocks.5", 384, 384),
    LITE: ("blocks.4", 112, 1280),
}


CONCEPTS = ConceptEmbeddings.from_parts(
    G.concepts, {"text": torch.randn(2, 6, generator=torch.Generator().manual_seed(0))}, {}
)


@pytest.mark.slow
@pytest.mark.parametrize("name", WALK)
def test_every_family_runs_and_conditions_from_the_identity_on(name: str) -> None:
    place, channels, width = WALK[name]
    backbone = VisionBackbone.named(name, weights="random")
    model = backbone.build(5, size=112).to(memory_format=torch.channels_last).eval()
    x = torch.rand(2, 3, 112, 112).contiguous(memory_format=torch.channels_last)
    at = widths(model, [place], x[:1])
    assert (at, backbone.width) == ({place: channels}, width)
    with torch.no_grad():
        plain = model(x)
        assert plain.shape == (2, 5)
        for by in ("film", "attention"):
            conditioned = condition(model, CONCEPTS, G, width=at, by=by, at=[place])
            assert torch.equal(conditioned(x, condition=G), plain), by


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    model = VisionBackbone.named(LITE, weights="random").build()
    half = {name: tensor.half() for name, tensor in model.state_dict().items()}
    save_file(half, tmp_path / f"{LITE}.in1k_fp16.safetensors")
    return tmp_path


def test_weights_are_found_by_name_and_brought_to_single_precision(folder: Path) -> None:
    backbone = VisionBackbone.named(f"timm:{LITE}", folder=folder)
    assert backbone.source == f"{LITE}.in1k_fp16.safetensors"
    assert backbone.normalisation == ((0.5,) * 3, (0.5,) * 3)
    first, second = backbone.build(), backbone.build()
    assert all(p.dtype == torch.float32 for p in first.parameters())
    x = torch.rand(1, 3, 64, 64)
    assert torch.equal(first.eval()(x), second.eval()(x))
    assert first(x).shape == (1, 1000)
    assert backbone.build(3).eval()(x).shape == (1, 3)
    assert backbone.hash == VisionBackbone.named(LITE, folder=folder).hash


def test_weights_of_the_tf_twin_are_refused(folder: Path) -> None:
    file = folder / f"{LITE}.in1k_fp16.safetensors"
    with pytest.raises(DataError, match=f"name the model {LITE}"):
        VisionBackbone.named("efficientnet_lite0", weights=file)


def test_several_files_ask_for_a_tag(folder: Path) -> None:
    first = folder / f"{LITE}.in1k_fp16.safetensors"
    (folder / f"{LITE}.mine.safetensors").write_bytes(first.read_bytes())
    with pytest.raises(ConfigError, match=f"name one: {LITE}.in1k_fp16, {LITE}.mine"):
        VisionBackbone.named(LITE, folder=folder)
    assert VisionBackbone.named(f"{LITE}.mine", folder=folder).source.startswith(f"{LITE}.mine")


def test_what_is_no_weights_file_is_named(folder: Path) -> None:
    file = folder / f"{LITE}.in1k_fp16.safetensors"
    with pytest.raises(DataError, match="not weights of mobilenetv2_100"):
        VisionBackbone.named("mobilenetv2_100", weights=file)
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(DataError, match="cannot be read"):
        VisionBackbone.named(LITE, folder=folder)
    with pytest.raises(DataError, match="cannot be read"):
        VisionBackbone.named(LITE, weights=folder / "none.safetensors")


def test_an_unknown_model_and_missing_weights_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"did you mean one of: .*resnet50"):
        VisionBackbone.named("resnet5")
    with pytest.raises(DataError, match=r"put resnet18\.safetensors into"):
        VisionBackbone.named("resnet18", folder=tmp_path)
