"""A run is written for others by one command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

import kgtransfer as kgt
from kgtransfer.images.exported.module import ImageModule
from kgtransfer.images.run import SavedImages

pytestmark = pytest.mark.slow
Said = tuple[int, str, str]


def test_the_command_writes_a_folder_for_the_hub(
    cell_run: Path, tmp_path: Path, here: Callable[..., Said]
) -> None:
    out = tmp_path / "model"
    status, told, error = here("export", cell_run, "--out", out, "--labels", "3", "--json")
    assert status == 0, error
    names = [Path(name).name for name in json.loads(told)["files"]]
    assert names == ["README.md", "config.json", "model.safetensors"]
    run, module = kgt.load(cell_run), ImageModule.from_pretrained(out)
    assert isinstance(run, SavedImages)
    inputs = module.example_inputs(3)
    assert torch.equal(module(**inputs), run.module()(**inputs))
    card = (out / "README.md").read_text(encoding="utf-8")
    assert card.startswith("---\nlibrary_name: kgtransfer\n# license: yours to say")
    assert (
        '    from kgtransfer.images import ImageModule  # pip install "kgtransfer[vision]"' in card
    )
    assert "logits = module(pixels, module.measure(files))" in card
    assert "Labels, in the order of the logits: eosinophil, lymphocyte, neutrophil." in card
    assert "| kg | " in card


def test_what_cannot_be_written_is_refused_before_anything_is(
    cell_run: Path, tmp_path: Path, here: Callable[..., Said]
) -> None:
    out = tmp_path / "model"
    status, _, error = here("export", cell_run, "--to", "pickle", "--out", out)
    assert status == 2
    assert "forms are: hub, onnx, torch" in error
    assert not out.exists()
    status, _, error = here("export", cell_run, "--out", tmp_path / "model", "--seed", "9")
    assert status == 2
    assert "seeds are: 0 to 1" in error
    assert not out.exists()
    status, _, error = here("export", cell_run, "--out", cell_run)
    assert "not empty" in error
