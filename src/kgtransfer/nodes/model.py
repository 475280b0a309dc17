"""A fitted model of a graph's nodes, and its files."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError, safe_open

from kgtransfer.errors import RunError
from kgtransfer.training.checkpoint import write_safetensors
from kgtransfer.utils.bounded import json_value
from kgtransfer.utils.files import json_bytes, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    from torch import Tensor

__all__ = ["NodeModel"]

PROBABILITIES = "(probabilities)"  # beside the weights in one file


@dataclass(frozen=True, eq=False)
class NodeModel:
    """Weights of a fitted model, and the class that it gives to every node.

    Attributes:
        weights: tensors by name.
        settings: how it was fitted, JSON-able.
        classes: their names.
        probabilities: `[N, classes]`.
    """

    weights: Mapping[str, Tensor]
    settings: Mapping[str, Any]
    classes: tuple[str, ...]
    probabilities: npt.NDArray[np.float32]

    def write(self, file: Path) -> None:
        """Write all of it to one file, as a fit keeps it."""
        tensors = {**self.weights, PROBABILITIES: torch.from_numpy(self.probabilities)}
        content = {"settings": dict(self.settings), "classes": list(self.classes)}
        write_safetensors(file, tensors, {"model": json.dumps(content)})

    @classmethod
    def read(cls, file: Path) -> NodeModel:
        """Read back what `write` wrote.

        Raises:
            RunError: the file is missing or cut off, or holds something else.
        """
        try:
            with safe_open(file, framework="pt") as stored:
                tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
                content = json_value(stored.metadata()["model"])
            probabilities = tensors.pop(PROBABILITIES).numpy()
            return cls(tensors, content["settings"], tuple(content["classes"]), probabilities)
        except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
            raise RunError(
                f"{file} holds no model of nodes: {error}", cure="delete it, and run again"
            ) from error

    def save(self, folder: Path, names: Sequence[str] = ()) -> None:
        """Write `model.safetensors`, `head.json` and `predictions.csv` into a run's folder.

        Args:
            folder: of the run.
            names: what nodes are called; by default their numbers.
        """
        write_safetensors(folder / "model.safetensors", self.weights)
        content = {**self.settings, "classes": list(self.classes)}
        write_atomically(folder / "head.json", json_bytes(content))
        write_atomically(folder / "predictions.csv", self._table(names).encode())

    def _table(self, names: Sequence[str]) -> str:
        """Node, class, probability: a row a node."""
        table = io.StringIO()
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(["node", "class", "probability"])
        for node, row in enumerate(self.probabilities.argmax(axis=1)):
            name = names[node] if names else node
            writer.writerow([name, self.classes[row], f"{self.probabilities[node, row]:.4f}"])
        return table.getvalue()
