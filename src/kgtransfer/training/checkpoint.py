"""Checkpoints of a training in progress: one safetensors file, written whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from safetensors.torch import save as tensor_bytes
from torch import Tensor, nn

from kgtransfer.errors import RunError
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["load_checkpoint", "read_tensors", "save_checkpoint", "write_safetensors"]


def save_checkpoint(
    path: Path, model: nn.Module, optimizer: torch.optim.Optimizer, *, epoch: int
) -> None:
    """Write everything that the epochs after `epoch` depend on."""
    tensors = {f"model.{name}": value for name, value in model.state_dict().items()}
    for index, state in optimizer.state_dict()["state"].items():
        for name, value in state.items():
            tensors[f"optimizer.{index}.{name}"] = torch.as_tensor(value)
    write_safetensors(path, tensors, {"epoch": str(epoch)})


def load_checkpoint(path: Path, model: nn.Module, optimizer: torch.optim.Optimizer) -> int:
    """Restore a model and its optimizer in place.

    Returns:
        The last epoch that was finished, or -1 where there is no checkpoint.

    Raises:
        RunError: the file is truncated, or belongs to another model.
    """
    if not path.is_file():
        return -1
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            epoch = int(file.metadata()["epoch"])
        model.load_state_dict(_under("model.", tensors))
        optimizer.load_state_dict(
            {**optimizer.state_dict(), "state": _optimizer_state(_under("optimizer.", tensors))}
        )
    except (SafetensorError, RuntimeError, KeyError, ValueError) as error:
        raise RunError(
            f"{path} is no checkpoint of this model: {error}", cure="delete it and start again"
        ) from error
    return epoch


def write_safetensors(
    path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None
) -> None:
    """Write tensors to a file that is either the old one or the whole new one, never half."""
    contiguous = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    write_atomically(path, tensor_bytes(contiguous, metadata=dict(metadata or {})))


def read_tensors(path: Path) -> dict[str, Tensor]:
    """What `write_safetensors` wrote.

    Raises:
        RunError: the file is missing or damaged.
    """
    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise RunError(
            f"{path}: missing or damaged ({error})", cure="restore the file, or make the run again"
        ) from error


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}


def _optimizer_state(tensors: Mapping[str, Tensor]) -> dict[int, dict[str, Tensor]]:
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        index, _, name = key.partition(".")
        state.setdefault(int(index), {})[name] = value
    return state
