"""What is asked before a model is written for others."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import ConfigError, RunError
from kgtransfer.runs.exporting import (
    require_forms,
    require_new,
    require_one_model,
    written_files,
)

WRITERS = {"hub": 1, "onnx": 2}


def test_forms_are_named_once_each() -> None:
    assert require_forms(["onnx", "hub", "onnx"], WRITERS) == [2, 1]
    for forms in (["pickle"], []):
        with pytest.raises(ConfigError) as refused:
            require_forms(forms, WRITERS)
        assert refused.value.cure == "forms are: hub, onnx"


def test_a_folder_that_holds_files_is_left_alone(tmp_path: Path) -> None:
    require_new(tmp_path / "new")
    (tmp_path / "a" / "empty").mkdir(parents=True)
    require_new(tmp_path / "a" / "empty")
    with pytest.raises(RunError, match="there already, and not empty"):
        require_new(tmp_path / "a")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(RunError, match="there already"):
        require_new(tmp_path / "file")


def test_a_run_that_keeps_one_model_offers_no_choice() -> None:
    require_one_model(None, 0)
    for labels, seed in ((3, 0), (None, 1)):
        with pytest.raises(ConfigError, match="keeps one model"):
            require_one_model(labels, seed)


def test_files_are_told_with_their_size(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    file.write_bytes(bytes(1_500_000))
    output = written_files([file])
    assert output.parts == (f"{file}  1.5 MB",)
    assert output.values == {"files": {str(file): 1_500_000}}
