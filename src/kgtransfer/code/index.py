"""Query -> documents, best first, and which concepts counted: a fitted model with its index."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import torch

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.code.corpus import Snippet
from kgtransfer.code.neighbouring import under_lines
from kgtransfer.code.words import DocumentWords, context_share, word_counts
from kgtransfer.conditioning.attachment import Conditioned, condition
from kgtransfer.conditioning.gates import gates_of
from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.errors import RunError
from kgtransfer.grounding.base import Grounding
from kgtransfer.retrieval.context_gate import ContextGate, context_gate_of
from kgtransfer.retrieval.contrastive import encode
from kgtransfer.retrieval.fusion import fused
from kgtransfer.retrieval.neighbours import Neighbours, nearest
from kgtransfer.retrieval.vectors import TextVectors
from kgtransfer.training.checkpoint import read_tensors, write_safetensors
from kgtransfer.utils.files import json_bytes, read_bytes, read_json, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from torch import Tensor

__all__ = [
    "ENCODER",
    "LIVE",
    "MODELS",
    "TEXTS",
    "Evidence",
    "Hit",
    "SearchIndex",
    "dotted",
    "plain_texts",
    "plain_vectors",
    "under",
]

MODELS = "models"  # folder of trained encoders inside a run
LIVE = "live"  # folder of the index of its code base as it is now, inside a run
NEIGHBOURS = "neighbours.usearch"  # file of a large index
ENCODER, TEXTS = "encoder.", "texts."  # prefixes of their weights, and of vectors of texts by them


@dataclass(frozen=True)
class Evidence:
    """A part of a score: cosine points that a concept, or the whole context, added."""

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
        model: a `TextEncoder` under a context gate and relation gates.
        concepts: vectors of what conditions.
        documents: what can be found, in the order of `grounding`, `contexts` and `vectors`.
        grounding: of the documents, on the concepts that the model was conditioned with.
        contexts: the documents in their contexts; empty where contexts are not read.
        vectors: unit vectors of the documents, `[documents, width]`.
        lines: how far documents are read under the lines above them.
        lexical: weight of BM25 beside the encoder.
    """

    def __init__(
        self,
        model: Conditioned,
        concepts: ConceptEmbeddings,
        documents: Sequence[Snippet],
        grounding: Grounding,
        contexts: Sequence[str],
        vectors: Tensor,
        *,
        lines: float = 0.0,
        lexical: float = 0.0,
    ) -> None:
        model.check(grounding)
        self.lines, self.lexical = lines, lexical
        self.model, self.concepts, self.documents = model, concepts, tuple(documents)
        self.grounding, self.contexts, self.vectors = grounding, tuple(contexts), vectors
        self.neighbours: Neighbours | None = None  # of the vectors, where a saved index is large
        self.counts = word_counts()
        self.read = TextVectors()  # code and contexts, as they were encoded without knowledge

    def search(self, query: str, k: int = 10, labels: Mapping[str, str] | None = None) -> list[Hit]:
        """The k best documents for a query, best first.

        Args:
            query: plain words.
            k: how many.
            labels: concept IRI -> what to call it; its IRI's last part without.
        """
        vector = self.encode([query])[0]
        rows, scores = self._best(query, vector, k)
        evidence = self.evidence([vector] * len(rows), rows, labels or {})
        return [
            Hit(
                name=dotted(self.documents[row].iri),
                module=self.documents[row].module,
                score=score,
                iri=self.documents[row].iri,
                code=self.documents[row].code,
                context=tuple(parts),
            )
            for score, row, parts in zip(scores, rows, evidence, strict=True)
        ]

    def _best(self, query: str, vector: Tensor, k: int) -> tuple[list[int], list[float]]:
        """Rows and scores of the k best documents: by cosine, and what BM25 adds in its unit."""
        if not self.lexical:
            return nearest(self.vectors, vector, k, self.neighbours)
        words = self._words.scores([query], self.context_share)
        cosines = (self.vectors @ vector)[None]
        scores = torch.from_numpy(fused(cosines, words, self.lexical)[0]).float()
        best = scores.topk(min(k, len(scores)))
        return best.indices.tolist(), best.values.tolist()

    @property
    def context_share(self) -> float:
        """How far the model's gate moves documents to their contexts, from 0 to 1."""
        return context_share(self.model)

    @cached_property
    def _words(self) -> DocumentWords:
        codes = [document.code for document in self.documents]
        return DocumentWords(codes, self.contexts, self.counts)

    def evidence(
        self,
        queries: Sequence[Tensor],
        rows: Sequence[int],
        labels: Mapping[str, str],
        most: int = 3,
    ) -> list[list[Evidence]]:
        """What did most for or against documents, as points of their cosine with a query each.

        A document's vector before normalisation is a sum: the plain vector, what its context
        changed, and each concept through its gate. A part's share of the cosine is
        (query . part) over the sum's length.
        """
        if not rows:
            return []
        documents = [self.documents[row] for row in rows]
        plain = plain_vectors(documents, self.lines, lambda texts: self.read(texts, self.encode))
        moved = torch.zeros_like(plain)
        if self.contexts:
            gate = context_gate_of(self.model).gate.detach()
            moved = gate * (self.read([self.contexts[row] for row in rows], self.encode) - plain)
        return [
            self._parts(query, row, vector, shift, labels)[:most]
            for query, row, vector, shift in zip(queries, rows, plain, moved, strict=True)
        ]

    def _parts(
        self, query: Tensor, row: int, plain: Tensor, moved: Tensor, labels: Mapping[str, str]
    ) -> list[Evidence]:
        added = [("context", self._place(row), moved), *self._added(row, labels)]
        length = float(torch.stack([plain, *(vector for _, _, vector in added)]).sum(0).norm())
        parts = [
            Evidence(relation, concept, float(query @ vector) / length)
            for relation, concept, vector in added
            if vector.any()
        ]
        return sorted(parts, key=lambda part: -abs(part.weight))

    def _added(self, row: int, labels: Mapping[str, str]) -> Iterator[tuple[str, str, Tensor]]:
        """Each concept of a document and what its vector adds: relation, name, `[width]`."""
        gates, values = gates_of(self.model), gates_of(self.model).gate_values()
        for relation, columns in self.grounding.rows_of(row).items():
            for column in columns:
                vector = gates.projection(gates.embeddings[column]).detach()
                iri = self.grounding.concepts[column]
                name = labels.get(iri, dotted(iri))
                yield relation, name, values[relation] / len(columns) * vector

    def _place(self, row: int) -> str:
        """The words for its surroundings that a document is read under."""
        if not self.contexts:
            return ""
        return self.contexts[row].removesuffix(self.documents[row].code).strip()

    @property
    def encoder(self) -> TextEncoder:
        """The encoder inside, as fine-tuned: it reads queries, without any knowledge."""
        encoder = context_gate_of(self.model).backbone
        assert isinstance(encoder, TextEncoder)
        return encoder

    def encode(self, texts: Sequence[str]) -> Tensor:
        """Vectors `[texts, width]` of queries, or of code as it is read without knowledge."""
        return encode(self.model, self.encoder.frozen_states(texts))

    def save(self, folder: Path, *, with_encoder: bool = True) -> None:
        """Write everything that `load` needs.

        Args:
            folder: where.
            with_encoder: the pre-trained encoder included.
        """
        if with_encoder:
            self.encoder.save_pretrained(folder / "encoder")
        write_safetensors(folder / "model.safetensors", self.model.state_dict())
        self.concepts.save(folder)
        arrays = {"vectors": self.vectors, "offsets": self.grounding.offsets}
        arrays |= {"rows": self.grounding.rows, "weights": self.grounding.weights}
        write_safetensors(folder / "index.safetensors", arrays)
        listing = {
            "concepts": self.grounding.concepts,
            "relations": self.grounding.relations,
            "trained_layers": len(self.encoder.layers),
            "max_tokens": self.encoder.max_tokens,
            "documents": [asdict(document) for document in self.documents],
            "contexts": self.contexts,
            "lines": self.lines,
            "lexical": self.lexical,
        }
        neighbours = self.neighbours or (None if self.lexical else Neighbours.of(self.vectors))
        if neighbours:  # BM25 looks at all
            content = neighbours.to_bytes()
            listing["neighbours"] = write_atomically(folder / NEIGHBOURS, content)
        write_atomically(folder / "documents.json", json_bytes(listing))

    @classmethod
    def load(cls, folder: Path, *, encoder_of: Path | None = None) -> SearchIndex:
        """Read what `save` wrote; scores are the same to the bit.

        Args:
            folder: where.
            encoder_of: the folder of another index, whose pre-trained encoder is the same.

        Raises:
            RunError: a file is missing or damaged.
        """
        listing = read_json(folder / "documents.json")
        arrays = read_tensors(folder / "index.safetensors")
        state = read_tensors(folder / "model.safetensors")
        encoder = TextEncoder.from_pretrained(
            (encoder_of or folder) / "encoder",
            trained_layers=listing["trained_layers"],
            max_tokens=listing["max_tokens"],
        )
        concepts = ConceptEmbeddings.load(folder)
        grounding = _grounding(listing, arrays, folder)
        model = condition(ContextGate(encoder), concepts, grounding, width=encoder.width)
        model.load_state_dict(state)
        documents = _documents(listing, folder)
        index = cls(
            model.eval(),
            concepts,
            documents,
            grounding,
            listing["contexts"],
            arrays["vectors"],
            lines=listing.get("lines", 0.0),
            lexical=listing.get("lexical", 0.0),
        )
        if sha256 := listing.get("neighbours"):
            content = read_bytes(folder / NEIGHBOURS, sha256)
            name = str(folder / NEIGHBOURS)
            index.neighbours = Neighbours.from_bytes(content, arrays["vectors"], name)
        return index


def _documents(listing: Mapping[str, Any], folder: Path) -> list[Snippet]:
    try:
        return [Snippet.from_json(document) for document in listing["documents"]]
    except TypeError as error:  # a field that a snippet no longer has
        raise RunError(
            f"{folder / 'documents.json'}: its documents are of another form",
            cure="it was saved by an earlier version; make the run again",
        ) from error


def _grounding(listing: Mapping[str, Any], arrays: Mapping[str, Tensor], folder: Path) -> Grounding:
    """The documents' grounding with the IRIs that it was saved with."""
    if "concepts" not in listing:
        raise RunError(
            f"{folder / 'documents.json'}: does not name the concepts of its documents",
            cure="it was saved by an earlier version; make the run again",
        )
    return Grounding(
        tuple(listing["concepts"]),
        tuple(listing["relations"]),
        arrays["offsets"],
        arrays["rows"],
        arrays["weights"],
    )


def plain_vectors(
    documents: Sequence[Snippet], lines: float, encode: Callable[[Sequence[str]], Tensor]
) -> Tensor:
    """Documents -> their vectors without a graph, `[documents, width]`.

    Args:
        documents: code, with the lines above it.
        lines: how far each stands towards itself under those lines.
        encode: texts -> unit vectors.
    """
    vectors = encode([document.code for document in documents])
    if not lines:
        return vectors
    under = encode([under_lines(document.code, document.above) for document in documents])
    return vectors + lines * (under - vectors)


def plain_texts(documents: Iterable[Snippet], lines: float) -> Iterator[str]:
    """The texts that `plain_vectors` encodes."""
    for document in documents:
        yield document.code
        if lines:
            yield under_lines(document.code, document.above)


def dotted(iri: str) -> str:
    """IRI of something in a code base -> its dotted name."""
    return iri.rpartition("/")[2]


def under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors whose names begin with a prefix, by the rest of their names."""
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
