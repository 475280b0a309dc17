"""A folder that the hub takes is loaded again to the bit, or refused."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnxruntime
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from kgtransfer.conditioning.axiom_module import AxiomScores
from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.errors import DataError, RunError
from kgtransfer.grounding.measured_module import MeasuredValues
from kgtransfer.images.backbone import VisionBackbone
from kgtransfer.images.exported.module import ImageModule, ModuleParts
from kgtransfer.images.exported.network import PixelNetwork
from kgtransfer.images.exported.program import write_onnx, write_program
from kgtransfer.images.exported.settings import ModuleSettings
from kgtransfer.images.network import ClassNetwork

VALUES = {"urn:size": ("urn:big", "urn:small"), "urn:taste": ("urn:sour", "urn:sweet")}
CONCEPTS = ("urn:small", "urn:big", "urn:sweet")
NAN = float("nan")


def _made(by: str, views: int = 1) -> ImageModule:
    """A small model of all parts, its weights as at random."""
    torch.manual_seed(0)
    concepts = ConceptEmbeddings(CONCEPTS, torch.randn(3, 6), {})
    network = ClassNetwork.of(
        VisionBackbone.named("test_resnet", weights="random"), 3, size=64, by=by,
        concepts=concepts, relations=tuple(VALUES), at=("global_pool",) if by else (), views=views,
    )  # fmt: skip
    for name, parameter in network.named_parameters():
        if "conditioner" in name or "fc" in name:
            nn.init.normal_(parameter, std=0.5)
    settings = ModuleSettings(
        labels=("plum", "pear", "lime"), measures=("urn:cm", "urn:acid"), attributes=VALUES,
        concepts=CONCEPTS if by else (), architecture="test_resnet", by=by,
        at=("global_pool",) if by else (), size=64, views=views,
    )  # fmt: skip
    grounding = {
        "stated": torch.tensor([[5.0, NAN], [25.0, NAN]]),
        "percentiles": torch.tensor([[4.0, NAN], [20.0, NAN]]),
        "physical": torch.tensor([True, False]),
        "column": torch.tensor([0, 0, 1, 1]),
        "attribute": torch.tensor([0, 0, 1, 1]),
        "low": torch.tensor([10, NAN, 1, NAN]),
        "high": torch.tensor([NAN, 10, NAN, 1]),
        "softness": torch.tensor([1.0, 1, 0.1, 0.1]),
    }
    axioms = {
        "ratio": torch.rand(2, 4, 3) * torch.tensor([[1.0, 1, 0, 0], [0, 0, 1, 1]])[..., None],
        "share": torch.eye(3).log(),
        "weight": torch.tensor(1.5),
        "intercepts": torch.tensor([0.0, 0.5, 0.0]),
    }
    parts = ModuleParts(
        MeasuredValues(grounding),
        AxiomScores(axioms),
        nn.Linear(2, 3),
        PixelNetwork(network.eval(), VALUES),
    )
    return ImageModule(settings, parts)


def _inputs(samples: int) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(samples)
    pixels = torch.randint(0, 256, (samples, 3, 64, 64), dtype=torch.uint8, generator=random)
    measures = torch.rand(samples, 2, generator=random) * torch.tensor([20.0, 2.0])
    measures[0, 1] = NAN
    return pixels, measures


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    _made("film").save_pretrained(tmp_path / "model")
    return tmp_path / "model"


@pytest.mark.parametrize(("by", "views"), [("film", 1), ("gates", 1), ("attention", 2), ("", 1)])
def test_a_saved_module_gives_the_same_logits_to_the_bit(
    by: str, views: int, tmp_path: Path
) -> None:
    module = _made(by, views)
    module.card = "# fruit\n"
    module.save_pretrained(tmp_path)
    again = ImageModule.from_pretrained(tmp_path)
    assert torch.equal(again(*_inputs(5)), module(*_inputs(5)))
    assert again.settings == module.settings
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "README.md",
        "config.json",
        "model.safetensors",
    ]
    assert again.card == "# fruit\n"


def _config(folder: Path, **values: Any) -> None:
    file = folder / "config.json"
    settings = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**settings, **values}), encoding="utf-8")


def _weights(folder: Path, **tensors: torch.Tensor) -> None:
    file = folder / "model.safetensors"
    save_file({**load_file(file), **tensors}, file)
    _config(folder, sha256=hashlib.sha256(file.read_bytes()).hexdigest())


SPOILED: dict[str, tuple[Callable[[Path], object], str]] = {
    "no settings": (lambda f: (f / "config.json").unlink(), r"config\.json: cannot be read"),
    "no JSON": (lambda f: (f / "config.json").write_text("{"), r"config\.json: not JSON"),
    "other library": (lambda f: _config(f, model_type="bert"), "no exported model of images"),
    "further settings": (lambda f: _config(f, auto_map={"AutoModel": "x.Y"}), "auto_map"),
    "unknown network": (lambda f: _config(f, architecture="no_net"), "timm has no model 'no_net'"),
    "other labels": (lambda f: _config(f, labels=["plum"]), "not the model"),
    "fewer measures": (lambda f: _config(f, measures=["urn:cm"]), "not the model"),
    "no weights": (lambda f: (f / "model.safetensors").unlink(), "safetensors: cannot be read"),
    "cut off": (lambda f: os.truncate(f / "model.safetensors", 1000), "damaged, or not the file"),
    "no digest": (lambda f: _config(f, sha256=None), "damaged, or not the file"),
    "further tensors": (lambda f: _weights(f, more=torch.zeros(1)), "not the model"),
    "other column": (
        lambda f: _weights(f, **{"grounding.column": torch.tensor([0, 0, 1, 7])}),
        "not the model",
    ),
}


@pytest.mark.parametrize(("spoil", "message"), SPOILED.values(), ids=SPOILED)
def test_a_folder_that_does_not_fit_is_refused(
    folder: Path, spoil: Callable[[Path], object], message: str
) -> None:
    from kgtransfer.images.exported.folder import read_module

    spoil(folder)
    with pytest.raises(RunError, match=message):
        read_module(folder)


def test_a_program_gives_the_logits_for_any_number_of_images(tmp_path: Path) -> None:
    module = _made("film", views=2)
    program = torch.export.load(write_program(module, tmp_path)).module()
    for samples in (1, 5):
        pixels, measures = _inputs(samples)
        logits = program(pixels=pixels, measures=measures)
        assert torch.allclose(logits, module(pixels, measures), atol=1e-5)


def test_onnxruntime_gives_the_logits_for_any_number_of_images(tmp_path: Path) -> None:
    module = _made("attention")
    session = onnxruntime.InferenceSession(write_onnx(module, tmp_path))
    for samples in (1, 5):
        pixels, measures = _inputs(samples)
        (logits,) = session.run(
            ["logits"], {"pixels": pixels.numpy(), "measures": measures.numpy()}
        )
        expected = module(pixels, measures).detach().numpy()
        assert logits == pytest.approx(expected, abs=1e-4)
    told = session.get_modelmeta().custom_metadata_map
    assert json.loads(told["labels"]) == ["plum", "pear", "lime"]


def test_a_model_without_measures_takes_pixels_alone(tmp_path: Path) -> None:
    network = ClassNetwork.of(VisionBackbone.named("test_resnet", weights="random"), 2, size=64)
    settings = ModuleSettings(labels=("a", "b"), architecture="test_resnet", size=64)
    module = ImageModule(settings, ModuleParts(network=PixelNetwork(network.eval(), {})))
    module.save_pretrained(tmp_path)
    pixels, _ = _inputs(3)
    assert module.inputs == ("pixels",)
    assert torch.equal(ImageModule.from_pretrained(tmp_path)(pixels), module(pixels))


def test_a_model_without_network_takes_measures_alone(tmp_path: Path) -> None:
    made = _made("film")
    settings = made.settings.model_copy(
        update={"architecture": "", "by": "", "at": (), "concepts": ()}
    )
    parts = ModuleParts(made.grounding, made.axioms, made.regression)
    module = ImageModule(settings, parts)
    module.save_pretrained(tmp_path)
    _, measures = _inputs(3)
    assert module.inputs == ("measures",)
    again = ImageModule.from_pretrained(tmp_path)
    assert torch.equal(again(measures=measures), module(measures=measures))


def test_inputs_that_do_not_fit_are_named() -> None:
    module, (pixels, measures) = _made("film"), _inputs(2)
    with pytest.raises(DataError, match=r"pixels \[2, 3, 32, 32\], not \[n, 3, 64, 64\]"):
        module(pixels[..., :32, :32], measures)
    with pytest.raises(DataError, match=r"measures \[2, 1\], not \[n, 2\]"):
        module(pixels, measures[:, :1])
    with pytest.raises(DataError, match="no pixels"):
        module(measures=measures)
    without = ImageModule(module.settings, ModuleParts(module.grounding, module.axioms))
    with pytest.raises(DataError, match="neither pixels nor measures"):
        without()
