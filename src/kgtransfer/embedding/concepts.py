"""`ConceptEmbeddings`: the matrix E, one vector a concept, keyed by IRI."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import safetensors.torch
import torch
import torch.nn.functional as F
from safetensors import SafetensorError
from torch import Tensor

from kgtransfer.errors import DataError, RunError
from kgtransfer.utils.files import json_bytes, read_bytes, read_json, write_atomically

__all__ = ["ConceptEmbeddings", "HasIris", "shuffled_rows"]

VECTORS, INDEX = "concepts.safetensors", "concepts.json"


class HasIris(Protocol):
    """What a store's `select` returns."""

    @property
    def iris(self) -> tuple[str, ...]:
        """The chosen concepts."""
        ...


@dataclass(frozen=True, eq=False)
class ConceptEmbeddings:
    """Vectors of concepts. The identity of a row is its IRI.

    Args:
        iris: the concepts, in the order of the rows.
        vectors: `[concepts, d]` float32.
        parts: the columns of each source, half open: `{"text": (0, 384), ...}`.
        provenance: what the vectors were made of: graph hash, model, seed, metrics.

    Raises:
        DataError: IRIs that repeat, or numbers of IRIs and of rows that differ.
    """

    iris: tuple[str, ...]
    vectors: Tensor
    parts: Mapping[str, tuple[int, int]]
    provenance: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(set(self.iris)) != len(self.iris) or len(self.iris) != len(self.vectors):
            raise DataError(
                f"{len(self.iris)} IRIs, {len(set(self.iris))} of them different, do not name "
                f"{len(self.vectors)} rows",
                cure="give each row one IRI of its own",
            )

    def __len__(self) -> int:
        return len(self.iris)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of IRIs and vectors, 64 hex digits."""
        content = hashlib.sha256(json_bytes(list(self.iris)))
        content.update(self.vectors.numpy().tobytes())
        return content.hexdigest()

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """Row number of each concept, by IRI."""
        return MappingProxyType({iri: row for row, iri in enumerate(self.iris)})

    def __contains__(self, iri: object) -> bool:
        return iri in self.row_of

    def __getitem__(self, iri: str) -> Tensor:
        """The vector `[d]` of a concept.

        Raises:
            DataError: the concept has no vector.
        """
        return self.vectors[self.rows([iri])[0]]

    def rows(self, iris: Iterable[str]) -> list[int]:
        """Row numbers of concepts, in the order given.

        Raises:
            DataError: a concept has no vector.
        """
        try:
            return [self.row_of[iri] for iri in iris]
        except KeyError as error:
            similar = difflib.get_close_matches(str(error.args[0]), self.iris, n=1)
            raise DataError(
                f"no vector for the concept <{error.args[0]}>",
                cure=f"did you mean <{similar[0]}>?"
                if similar
                else "embed a graph that describes it",
            ) from None

    def select(self, chosen: Iterable[str] | HasIris) -> ConceptEmbeddings:
        """Only the chosen concepts, in the order given, doublets once.

        Raises:
            DataError: a chosen concept has no vector.
        """
        iris = tuple(dict.fromkeys(chosen if isinstance(chosen, Iterable) else chosen.iris))
        return replace(self, iris=iris, vectors=self.vectors[self.rows(iris)])

    def part(self, *names: str) -> ConceptEmbeddings:
        """Only the columns of the named parts, in the order given.

        Raises:
            DataError: there is no such part.
        """
        missing = [name for name in names if name not in self.parts]
        if missing or not names:
            raise DataError(
                f"the embedding has no part {', '.join(missing) or 'without a name'}",
                cure=f"one or more of: {', '.join(self.parts)}",
            )
        columns = {name: self.vectors[:, slice(*self.parts[name])] for name in names}
        return replace(self, **_side_by_side(columns))

    @classmethod
    def from_parts(
        cls, iris: Iterable[str], columns: Mapping[str, Tensor], provenance: Mapping[str, str]
    ) -> ConceptEmbeddings:
        """Parts `[concepts, d_i]` side by side, in the order given."""
        return cls(tuple(iris), provenance=provenance, **_side_by_side(columns))

    def nearest(self, to: str | Tensor, k: int = 10) -> list[tuple[str, float]]:
        """The `k` concepts of the highest cosine, best first; an IRI is not its own neighbour.

        Args:
            to: a concept or a vector `[d]`.
            k: how many.

        Raises:
            DataError: the concept has no vector.
        """
        vector = self[to] if isinstance(to, str) else to
        cosines = F.normalize(self.vectors, dim=1) @ F.normalize(vector, dim=0)
        order = cosines.argsort(descending=True, stable=True).tolist()
        neighbours = [
            (self.iris[row], cosines[row].item()) for row in order if self.iris[row] != to
        ]
        return neighbours[:k]

    def shuffled(self, types: Mapping[str, Hashable], seed: int) -> ConceptEmbeddings:
        """The placebo: each concept gets the vector of another one of its type.

        Rows go round one random cycle within each type, so only a concept that is alone in its
        type keeps its own vector.

        Args:
            types: type by IRI; the concepts that it lacks form a type of their own.
            seed: of the cycles.
        """
        source = torch.tensor(shuffled_rows(self.iris, types, seed), dtype=torch.int64)
        return self._noted(self.vectors[source], f"shuffled within type, seed {seed}")

    def random(self, seed: int) -> ConceptEmbeddings:
        """Gaussian rows; each part of each row keeps its norm."""
        noise = torch.randn(self.vectors.shape, generator=torch.Generator().manual_seed(seed))
        for begin, end in self.parts.values():
            norms = self.vectors[:, begin:end].norm(dim=1, keepdim=True)
            noise[:, begin:end] = F.normalize(noise[:, begin:end], dim=1) * norms
        return self._noted(noise, f"random of equal norms, seed {seed}")

    def save(self, folder: str | Path) -> None:
        """Write `concepts.safetensors` and `concepts.json`, each holding the other's digest."""
        index: dict[str, Any] = {
            "iris": list(self.iris),
            "parts": {name: list(columns) for name, columns in self.parts.items()},
            "provenance": dict(self.provenance),
        }
        content = safetensors.torch.save(
            {"vectors": self.vectors.contiguous()}, metadata={"index": _digest(index)}
        )
        sha256 = write_atomically(Path(folder) / VECTORS, content)
        write_atomically(Path(folder) / INDEX, json_bytes(index | {"sha256": sha256}))

    @classmethod
    def load(cls, folder: str | Path) -> ConceptEmbeddings:
        """Read what `save` wrote.

        Raises:
            RunError: a file is missing, cut off or altered; the message names it.
        """
        vectors_file, index_file = Path(folder) / VECTORS, Path(folder) / INDEX
        index = read_json(index_file)
        sha256 = index.pop("sha256", "")
        content = read_bytes(vectors_file, str(sha256))
        try:
            vectors = safetensors.torch.load(content)["vectors"]
            with safetensors.safe_open(vectors_file, framework="pt") as opened:
                expected = (opened.metadata() or {}).get("index")
        except (SafetensorError, KeyError) as error:
            raise RunError(f"{vectors_file}: not a file of concept vectors ({error})") from error
        if _digest(index) != expected:
            raise RunError(
                f"{index_file}: damaged, or of other vectors than {vectors_file.name}",
                cure="restore the file from a copy, or make the run again",
            )
        parts = {name: (begin, end) for name, (begin, end) in index["parts"].items()}
        return cls(tuple(index["iris"]), vectors, parts, index["provenance"])

    def _noted(self, vectors: Tensor, rows: str) -> ConceptEmbeddings:
        return replace(self, vectors=vectors, provenance={**self.provenance, "rows": rows})


def shuffled_rows(iris: Sequence[str], types: Mapping[str, Hashable], seed: int) -> list[int]:
    """For each concept the row of the other concept of its type that stands in for it.

    Args:
        iris: the concepts, in the order of their rows.
        types: type by IRI; the concepts that it lacks form a type of their own.
        seed: of the cycles.
    """
    groups: dict[Hashable, list[int]] = {}
    for row, iri in enumerate(iris):
        groups.setdefault(types.get(iri), []).append(row)
    random = torch.Generator().manual_seed(seed)
    source = torch.arange(len(iris))
    for rows in groups.values():
        cycle = torch.tensor(rows)[torch.randperm(len(rows), generator=random)]
        source[cycle] = cycle.roll(1)
    return source.tolist()


def _side_by_side(columns: Mapping[str, Tensor]) -> dict[str, Any]:
    parts, end = {}, 0
    for name, block in columns.items():
        parts[name] = (end, end + block.shape[1])
        end += block.shape[1]
    return {"vectors": torch.cat(list(columns.values()), dim=1), "parts": parts}


def _digest(index: Mapping[str, Any]) -> str:
    return hashlib.sha256(json_bytes(index)).hexdigest()
