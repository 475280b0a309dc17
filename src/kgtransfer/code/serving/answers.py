"""What HTTP and MCP both answer from: one loaded model, its functions, its graph."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import torch
from typing_extensions import TypedDict

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.code.index import dotted
from kgtransfer.code.serving.limits import Limits
from kgtransfer.errors import DataError, OntologyError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from torch import Tensor

    from kgtransfer.code.index import Hit, SearchIndex
    from kgtransfer.code.serving.cypher import CypherAnswers
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["Answers", "Concept", "Counted", "Found", "Grounded", "Near", "Served"]

MOST_GROUNDED, MOST_NEAR = 10, 5  # functions and neighbours that are named of a concept


class Counted(TypedDict):
    """A part of a score: what a concept, or the whole context, added to it."""

    relation: str
    concept: str
    weight: float


class Found(TypedDict):
    """A function that answers a question."""

    name: str
    module: str
    code: str
    score: float
    iri: str
    context: list[Counted]


class Near(TypedDict):
    """A concept beside another one."""

    iri: str
    label: str
    score: float


class Grounded(TypedDict):
    """A function that rests on a concept, and by which relation."""

    name: str
    module: str
    relation: str


class Concept(TypedDict):
    """A concept of the graph, the concepts nearest to it, and functions that rest on it."""

    iri: str
    label: str
    comment: str
    score: float
    nearest: list[Near]
    functions: list[Grounded]


@dataclass(frozen=True)
class Served:
    """What is answered from at a moment; a code base that changes gives another one.

    Attributes:
        index: the functions.
        labels: IRI of each concept -> its label.
        about: the code base, in words.
        read_graph: gives the graph, for labels and comments; called where it is asked about.
    """

    index: SearchIndex
    labels: Mapping[str, str]
    about: str
    read_graph: Callable[[], KnowledgeGraph]

    @classmethod
    def of(cls, index: SearchIndex, graph: KnowledgeGraph, about: str) -> Served:
        """From an index and its graph."""
        labels = {iri: graph.label(iri) for iri in index.grounding.concepts}
        return cls(index, labels, about, lambda: graph)

    @cached_property
    def graph(self) -> KnowledgeGraph:
        """Of the code base."""
        return self.read_graph()

    @cached_property
    def texts(self) -> Tensor:
        """Unit vectors of the concepts' texts, `[concepts, d]`.

        Raises:
            DataError: the run's concepts have vectors of another origin only.
        """
        concepts = self.index.concepts
        if "text" not in concepts.parts:
            raise DataError(
                "the concepts of this run are no vectors of texts", cure="ask in Cypher"
            )
        return torch.nn.functional.normalize(concepts.part("text").vectors, dim=1)

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """IRI of a concept -> its column in the grounding."""
        return {iri: column for column, iri in enumerate(self.index.grounding.concepts)}

    def nearest(self, vector: Tensor, k: int) -> list[tuple[str, float]]:
        """The k concepts whose texts are nearest to a unit vector, best first."""
        scores = self.texts @ vector
        best = scores.topk(min(k, len(scores)))
        iris = (self.index.concepts.iris[row] for row in best.indices.tolist())
        return list(zip(iris, best.values.tolist(), strict=True))

    @cached_property
    def grounded(self) -> Mapping[int, list[tuple[int, str]]]:
        """Column of a concept -> the functions that rest on it, and by which relation."""
        grounding = self.index.grounding
        lengths = grounding.offsets.diff()
        cells = torch.arange(len(lengths)).repeat_interleave(lengths).tolist()
        found: dict[int, list[tuple[int, str]]] = {}
        for cell, column in zip(cells, grounding.rows.tolist(), strict=True):
            row, relation = divmod(cell, len(grounding.relations))
            found.setdefault(column, []).append((row, grounding.relations[relation]))
        return found


class Answers:
    """Answers about a run; may be asked from several threads.

    Args:
        served: the functions and their graph; replaced as a whole where the code changes.
        cypher: answers statements.
        folder: of the run.
        limits: of what is asked.
    """

    def __init__(
        self, served: Served, cypher: CypherAnswers, folder: Path, limits: Limits | None = None
    ) -> None:
        self.served, self._cypher, self._folder = served, cypher, folder
        self.limits = limits or Limits()
        self._model = threading.Lock()  # a tokenizer is set up anew by each call

    def search(self, query: str, k: int = 10) -> list[Found]:
        """Words -> the functions that do it, best first, and the context that counted.

        Raises:
            DataError: there are no words, too many, or too many answers are asked for.
        """
        self._require(query, k)
        served = self.served
        with self._model, torch.inference_mode():
            hits = served.index.search(query, k, served.labels)
        return [_found(hit) for hit in hits]

    def concepts(self, what: str, k: int = 5) -> list[Concept]:
        """An IRI, as `<...>`, whole or `prefix:name`, or words -> concepts, best first.

        Raises:
            DataError: there are no words, too many, too many answers are asked for, or no concept
                has the IRI.
        """
        self._require(what, k)
        served = self.served
        iri = _iri(served, what.strip())
        found = [(iri, 1.0)] if iri else served.nearest(self._vector(what), k)
        return [_concept(served, concept, score) for concept, score in found]

    def cypher(self, query: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """A statement that only reads -> its rows; see `CypherAnswers.run`."""
        return self._cypher.run(query, parameters)

    def health(self) -> dict[str, str | int]:
        """What is served, and how much of it."""
        index = self.served.index
        counts = {"functions": len(index.documents), "concepts": len(index.concepts)}
        return {"status": "ok", "about": self.served.about, **counts}

    def _require(self, words: str, k: int) -> None:
        limits = self.limits
        if not words.strip() or len(words) > limits.characters:
            raise DataError(
                f"a question of {len(words):,} characters",
                cure=f"ask in words, with at the most {limits.characters:,} characters",
            )
        if not 1 <= k <= limits.answers:
            raise DataError(f"{k} answers", cure=f"ask for 1 to {limits.answers}")

    def _vector(self, words: str) -> Tensor:
        with self._model, torch.inference_mode():
            return self._reader.encode([words])[0]

    @cached_property
    def _reader(self) -> TextEncoder:
        """The encoder as it was before any training: the concepts' texts were read by it."""
        encoder = self.served.index.encoder
        return TextEncoder.from_pretrained(
            self._folder / "encoder",
            trained_layers=len(encoder.layers),
            max_tokens=encoder.max_tokens,
        )


def _found(hit: Hit) -> Found:
    return {
        "name": hit.name,
        "module": hit.module,
        "code": hit.code,
        "score": hit.score,
        "iri": hit.iri,
        "context": [
            {"relation": part.relation, "concept": part.concept, "weight": part.weight}
            for part in hit.context
        ],
    }


def _iri(served: Served, what: str) -> str:
    """The concept that is named by its IRI; empty where words are meant."""
    if any(map(str.isspace, what)) or ":" not in what:
        return ""
    try:
        iri = served.graph.expand(what)
    except OntologyError as error:
        raise DataError(error.message, cure=error.cure) from error
    if iri not in served.index.concepts:
        raise DataError(
            f"no concept <{iri}> that functions may rest on",
            cure="ask in words, or in Cypher: MATCH (c:Resource) RETURN c.uri LIMIT 10",
        )
    return iri


def _concept(served: Served, iri: str, score: float) -> Concept:
    row, graph = served.index.concepts.row_of[iri], served.graph
    near = [n for n in served.nearest(served.texts[row], MOST_NEAR + 1) if n[0] != iri]
    resting = served.grounded.get(served.columns.get(iri, -1), [])
    documents = served.index.documents
    return {
        "iri": iri,
        "label": graph.label(iri),
        "comment": graph.comment(iri),
        "score": score,
        "nearest": [
            {"iri": other, "label": graph.label(other), "score": cosine}
            for other, cosine in near[:MOST_NEAR]
        ],
        "functions": [
            {"name": dotted(documents[n].iri), "module": documents[n].module, "relation": relation}
            for n, relation in resting[:MOST_GROUNDED]
        ],
    }
