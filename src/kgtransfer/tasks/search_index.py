"""A fitted search model with its documents: answers queries and says which concepts counted."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.conditioning.attach import Conditioned, condition
from kgtransfer.conditioning.gates import gates_of
from kgtransfer.data.pairs import Snippet
from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.errors import RunError
from kgtransfer.files import json_bytes, read_json, write_atomically
from kgtransfer.grounding.base import Grounding
from kgtransfer.tasks.contrastive import encode
from kgtransfer.training.checkpoint import write_safetensors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from torch import Tensor

__all__ = ["Evidence", "Hit", "SearchIndex"]


@dataclass(frozen=True)
class Evidence:
    """A concept's part in a score: cosine points that it added."""

    relation: str
    concept: str
    weight: float


@dataclass(frozen=True)
class Hit:
    """A document that answers a query."""

    name: str
    module: str
    score: float
    iri: str
    code: str
    context: tuple[Evidence, ...]


class SearchIndex:
    """Documents, their vectors under a conditioned encoder, and the concepts they rest on.

    Args:
        model: a `TextEncoder` under relation gates.
        concepts: what conditions; their rows are the model's.
        documents: what can be found, in the order of `states` and `grounding`.
        vectors: document vectors `[documents, width]`; computed where not given.
    """

    def __init__(
        self,
        model: Conditioned,
        concepts: ConceptEmbeddings,
        documents: Sequence[Snippet],
        grounding: Grounding,
        vectors: Tensor,
    ) -> None:
        self.model, self.concepts, self.documents = model, concepts, tuple(documents)
        self.grounding, self.vectors = grounding, vectors

    def search(self, query: str, k: int = 10, labels: Mapping[str, str] | None = None) -> list[Hit]:
        """The k best documents for a query, best first.

        Args:
            query: plain words.
            k: how many.
            labels: concept IRI -> what to call it; its IRI's last part without.
        """
        asked = self.encode([query])[0]
        scores = self.vectors @ asked
        best = scores.topk(min(k, len(scores)))
        return [
            Hit(
                name=_dotted(self.documents[row].iri),
                module=self.documents[row].module,
                score=score,
                iri=self.documents[row].iri,
                code=self.documents[row].code,
                context=tuple(self.evidence(asked, row, labels or {})),
            )
            for score, row in zip(best.values.tolist(), best.indices.tolist(), strict=True)
        ]

    def evidence(
        self, asked: Tensor, row: int, labels: Mapping[str, str], most: int = 3
    ) -> list[Evidence]:
        """The concepts that did most for or against a document, as points of the cosine.

        The document vector before normalisation is a sum, so each concept's part in the cosine is
        gate x weight x (query . concept) over the sum's length.
        """
        gates, values = gates_of(self.model), gates_of(self.model).values()
        added: list[tuple[str, int, Tensor]] = []
        for relation, rows in self.grounding.concepts_of(row).items():
            for concept in rows:
                vector = gates.projection(gates.embeddings[concept])
                added.append((relation, concept, values[relation] / len(rows) * vector.detach()))
        if not added:
            return []
        length = _length_before_normalisation(
            self.vectors[row], torch.stack([vector for _, _, vector in added]).sum(0)
        )
        parts = [
            Evidence(relation, self._name(concept, labels), float(asked @ vector) / length)
            for relation, concept, vector in added
            if vector.any()
        ]
        return sorted(parts, key=lambda part: -abs(part.weight))[:most]

    def _name(self, concept: int, labels: Mapping[str, str]) -> str:
        iri = self.concepts.iris[concept]
        return labels.get(iri, _dotted(iri))

    def encode(self, queries: Sequence[str]) -> Tensor:
        """Query vectors `[queries, width]`."""
        encoder = self.model.backbone
        assert isinstance(encoder, TextEncoder)
        return encode(self.model, encoder.stem_states(queries))

    def save(self, folder: Path) -> None:
        """Write everything that `load` needs, the pre-trained encoder included."""
        encoder = self.model.backbone
        assert isinstance(encoder, TextEncoder)
        encoder.save_pretrained(folder / "encoder")
        write_safetensors(folder / "model.safetensors", self.model.state_dict())
        self.concepts.save(folder)
        arrays = {"vectors": self.vectors, "offsets": self.grounding.offsets}
        arrays |= {"rows": self.grounding.rows, "weights": self.grounding.weights}
        write_safetensors(folder / "index.safetensors", arrays)
        listing = {
            "relations": self.grounding.relations,
            "trained_layers": len(encoder.layers),
            "max_tokens": encoder.max_tokens,
            "documents": [asdict(document) for document in self.documents],
        }
        write_atomically(folder / "documents.json", json_bytes(listing))

    @classmethod
    def load(cls, folder: Path) -> SearchIndex:
        """Read what `save` wrote; scores are the same to the bit.

        Raises:
            RunError: a file is missing or damaged.
        """
        listing = read_json(folder / "documents.json")
        arrays = _read_tensors(folder / "index.safetensors")
        state = _read_tensors(folder / "model.safetensors")
        encoder = TextEncoder.from_pretrained(
            folder / "encoder",
            trained_layers=listing["trained_layers"],
            max_tokens=listing["max_tokens"],
        )
        concepts = ConceptEmbeddings.load(folder)
        grounding = Grounding(
            tuple(listing["relations"]), arrays["offsets"], arrays["rows"], arrays["weights"]
        )
        model = condition(encoder, concepts, grounding, width=encoder.width)
        model.load_state_dict(state)
        documents = [Snippet(**document) for document in listing["documents"]]
        return cls(model.eval(), concepts, documents, grounding, arrays["vectors"])


def _read_tensors(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise RunError(
            f"{path}: missing or damaged ({error})", cure="restore the file, or make the run again"
        ) from error


def _length_before_normalisation(unit: Tensor, added: Tensor) -> float:
    """|x + added| where x has length 1 and `unit` is x + added at length 1.

    From |n unit - added| = 1: n^2 - 2 n (unit . added) + |added|^2 - 1 = 0.
    """
    along = float(unit @ added)
    under_root: float = max(0.0, along**2 - float(added @ added) + 1.0)
    return along + math.sqrt(under_root)


def _dotted(iri: str) -> str:
    return iri.rpartition("/")[2]
