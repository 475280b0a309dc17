"""Finished fits, kept on disk by all that they depend on."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as tensor_bytes

from kgtransfer.utils.bounded import json_value
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    Array = npt.NDArray[Any]

__all__ = ["FitCache"]


class FitCache:
    """Logits by what made them; a fit that was finished once is never run again.

    Args:
        folder: where files are kept; None keeps fits in memory.
        key: digest of all that fits depend on beside what `read` and `write` are given.
    """

    def __init__(self, folder: Path | None = None, key: str = "") -> None:
        self._folder, self._key = folder, key
        self._memory: dict[str, tuple[dict[str, Array], dict[str, float]]] = {}

    def read(self, *parts: object) -> tuple[dict[str, Array], dict[str, float]] | None:
        """Tensors and figures of a fit; None where it was never finished."""
        path = self.path("fit", *parts)
        if path is None:
            return self._memory.get(repr(parts))
        if not path.is_file():
            return None
        try:
            with safe_open(path, framework="np") as file:
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
                return tensors, json_value(file.metadata()["figures"])
        except (SafetensorError, KeyError, TypeError, ValueError):  # damaged: it is made again
            return None

    def write(
        self, tensors: Mapping[str, Array], figures: Mapping[str, float], *parts: object
    ) -> None:
        """Keep a fit."""
        path = self.path("fit", *parts)
        if path is None:
            self._memory[repr(parts)] = dict(tensors), dict(figures)
        else:
            # an array that is stored by columns would come back as another one
            whole = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
            metadata = {"figures": json.dumps(dict(figures))}
            write_atomically(path, tensor_bytes(whole, metadata=metadata))

    def path(self, kind: str, *parts: object) -> Path | None:
        """The file of a kind that parts have; None where none is kept."""
        if self._folder is None:
            return None
        content = hashlib.sha256(json.dumps([self._key, *map(repr, parts)]).encode()).hexdigest()
        return self._folder / f"{kind}-{content[:32]}.safetensors"
