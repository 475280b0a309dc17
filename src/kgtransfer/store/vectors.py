"""Concept vectors beside the database: one safetensors file, mapped into memory when asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as to_bytes

from kgtransfer.errors import StoreError
from kgtransfer.utils.bounded import json_value
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

__all__ = ["Vectors", "load", "merge", "save"]


@dataclass(frozen=True, slots=True)
class Vectors:
    """Unit vectors of concepts, `[concepts, d]` float32, one row an IRI."""

    iris: tuple[str, ...]
    unit: npt.NDArray[np.float32]

    def nearest(
        self, query: str | npt.NDArray[np.floating[Any]], k: int
    ) -> list[tuple[str, float]]:
        """The `k` IRIs of highest cosine; a concept does not find itself.

        Raises:
            StoreError: an IRI without a vector, or a vector of the wrong size.
        """
        own = self._row(query) if isinstance(query, str) else None
        vector = self.unit[own] if own is not None else _unit(np.asarray(query)[None])[0]
        if vector.shape != self.unit.shape[1:]:
            raise StoreError(f"a vector of {vector.size} numbers; {self.unit.shape[1]} are stored")
        scores = self.unit @ vector
        if own is not None:
            scores[own] = -np.inf
        best = np.argsort(-scores, kind="stable")[: max(0, min(k, len(scores) - (own is not None)))]
        return [(self.iris[row], float(scores[row])) for row in best]

    def without(self, gone: Iterable[str]) -> Vectors:
        """The rows of all other concepts."""
        left_out = frozenset(gone)
        keep = [row for row, iri in enumerate(self.iris) if iri not in left_out]
        return Vectors(tuple(self.iris[row] for row in keep), self.unit[keep])

    def _row(self, iri: str) -> int:
        try:
            return self.iris.index(iri)
        except ValueError:
            raise StoreError(f"{iri} has no vector", cure="write vectors for it first") from None


def merge(
    old: Vectors | None, iris: Sequence[str], vectors: npt.NDArray[np.floating[Any]]
) -> Vectors:
    """Old and new rows; a new row replaces an old one, another width replaces all.

    Raises:
        StoreError: not one finite row an IRI.
    """
    table = np.asarray(vectors)
    if table.ndim != 2 or len(table) != len(iris) or len(set(iris)) != len(iris):
        raise StoreError(f"{len(iris)} IRIs and an array of shape {table.shape}: one row an IRI")
    if not np.isfinite(table).all():
        raise StoreError("a vector has an infinite or undefined number")
    fresh = Vectors(tuple(iris), _unit(table))
    if old is None or old.unit.shape[1] != table.shape[1]:
        return fresh
    remaining = old.without(iris)
    return Vectors(remaining.iris + fresh.iris, np.concatenate([remaining.unit, fresh.unit]))


def save(path: Path, vectors: Vectors) -> None:
    """Write the file whole or not at all."""
    content = to_bytes({"unit": vectors.unit}, metadata={"iris": json.dumps(vectors.iris)})
    try:
        write_atomically(path, content)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror})") from error


def load(path: Path) -> Vectors | None:
    """The stored vectors, or None where there are none yet.

    Raises:
        StoreError: the file is damaged.
    """
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="np") as file:
            return Vectors(tuple(json_value(file.metadata()["iris"])), file.get_tensor("unit"))
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise StoreError(f"{path}: damaged ({error})", cure="delete it; embed again") from error


def _unit(table: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float32]:
    wide = table.astype(np.float64)
    norms = np.linalg.norm(wide, axis=1, keepdims=True)
    return np.asarray(wide / np.where(norms == 0, 1, norms), dtype=np.float32)
