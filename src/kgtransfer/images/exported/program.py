"""An exported model as a graph of operations: ONNX, and the program of `torch.export`."""

from __future__ import annotations

import copy
import json
import warnings
from typing import TYPE_CHECKING, Any

import torch

from kgtransfer.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.images.exported.module import ImageModule

__all__ = ["ONNX", "PROGRAM", "require_onnx", "write_onnx", "write_program"]

ONNX, PROGRAM = "model.onnx", "model.pt2"


def write_onnx(module: ImageModule, folder: Path) -> Path:
    """Write `model.onnx`: float32, any number of images, names of labels in its metadata.

    Its inputs are the module's, by name: `pixels` `[n, 3, size, size]` uint8 and `measures`
    `[n, measures]` float32; its output is `logits` `[n, labels]`.

    Returns:
        The file.

    Raises:
        ConfigError: onnx or onnxscript is not installed.
    """
    require_onnx()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torch, about its own future
        program: Any = torch.onnx.export(
            module,
            (),
            kwargs=module.example_inputs(),
            input_names=list(module.inputs),
            output_names=["logits"],
            dynamic_shapes=_any_number(module),
            dynamo=True,
            verbose=False,
        )
    program.model.metadata_props.update(
        {name: json.dumps(value) for name, value in module.settings.model_dump().items()}
    )
    path = folder / ONNX
    folder.mkdir(parents=True, exist_ok=True)
    program.save(path, external_data=False)
    return path


def write_program(module: ImageModule, folder: Path) -> Path:
    """Write `model.pt2`, which `torch.export.load` reads, for any number of images.

    Returns:
        The file.
    """
    plain = copy.deepcopy(module).to(memory_format=torch.contiguous_format)  # as files hold them
    program = torch.export.export(
        plain, (), module.example_inputs(), dynamic_shapes=_any_number(module)
    )
    path = folder / PROGRAM
    folder.mkdir(parents=True, exist_ok=True)
    torch.export.save(program, path)
    return path


def require_onnx() -> None:
    """Make sure that ONNX can be written.

    Raises:
        ConfigError: a package is missing.
    """
    try:
        import onnx  # noqa: F401
        import onnxscript  # noqa: F401
    except ImportError as error:
        raise ConfigError(
            f"ONNX needs a package that is not installed ({error})",
            cure='pip install "kgtransfer[export]"',
        ) from error


def _any_number(module: ImageModule) -> dict[str, dict[int, Any]]:
    """The first axis of every input is free."""
    images = torch.export.Dim("images", min=1)
    return {name: {0: images} for name in module.inputs}
