"""Vectors of a graph's concepts, from its structure and its text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer import __version__
from kgtransfer.embedding.concepts import ConceptEmbeddings, HasIris
from kgtransfer.embedding.export import write_parquet, write_word2vec
from kgtransfer.embedding.kge.budget import Budget, BudgetLike
from kgtransfer.embedding.kge.fit import Progress
from kgtransfer.embedding.kge.fitted import FittedModel
from kgtransfer.embedding.kge.scores import ScoreFunction
from kgtransfer.embedding.kge.scores.lookup import ScoreLike, score_settings
from kgtransfer.embedding.kge.update import Update, update
from kgtransfer.embedding.text import (
    Encoder,
    EncoderLike,
    encoder_fingerprint,
    encoder_name,
    text_encoder,
)
from kgtransfer.embedding.training import Embedded, learn, relearn
from kgtransfer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = [
    "ConceptEmbeddings",
    "Embedded",
    "Encoder",
    "FittedModel",
    "Progress",
    "ScoreFunction",
    "Update",
    "embed",
    "embedded",
    "learn",
    "relearn",
    "update",
    "write_parquet",
    "write_word2vec",
]


def embed(
    graph: KnowledgeGraph,
    *,
    select: Iterable[str] | HasIris | None = None,
    model: ScoreLike | None = "complex",
    text: EncoderLike | None = None,
    dim: int = 128,
    epochs: int | None = None,
    budget: BudgetLike = 0,
    quick: bool = False,
    described: bool = False,
    seed: int = 0,
    cache: str | Path | None = None,
    progress: Progress = lambda message, done: None,
) -> ConceptEmbeddings:
    """Graph -> a vector of each of its concepts.

    The part "text" comes first: the encoder's vectors of label, synonyms and comment. The part
    "structure" is a link-prediction model of the edges, its rows L2-normalised; a concept
    without links has zeros there. A first training finds, on held-out links, after how many
    epochs to stop; a second one runs that long on all links and gives the vectors.

    Args:
        graph: the whole graph is learnt.
        select: the concepts to keep, IRIs or a store's selection; all by default.
        model: the score function: a key of `kgtransfer.embedding.kge.scores.SCORES`, or a
            `ScoreFunction` of the user's, an instance or a class; None for text alone.
        text: the text encoder: "minilm", a model folder, or any object or class that has
            `encode`; without it there is no text part.
        dim: factors of a structure vector; ComplEx has two columns for each.
        epochs: the most passes over the links; by default as fits the size of the graph.
        budget: what a search of settings on the held-out links may spend beside the first training:
            "2x", twice as much, or CPU-seconds; by default there is none, and the settings are
            those that fit the size of the graph.
        quick: the links of a large graph are learnt in seconds, and less well.
        described: links are learnt from text and numbers too: their keys stand beside the rows of
            the links, so that a concept without links has a vector.
        seed: of everything random.
        cache: folder that keeps the vectors between calls.
        progress: told what is going on and how much of it is done.

    Raises:
        ConfigError: neither a model nor an encoder is given, there is no such model, or it is no
            budget.
        DataError: the graph has no links, `select` names a concept that it lacks, or there is no
            such encoder.
    """
    if select is not None:
        select = tuple(select if isinstance(select, Iterable) else select.iris)
        if not select:
            raise DataError("no concept is selected", cure="run the selecting query by itself")
    concepts = embedded(
        graph,
        model=model,
        text=text,
        dim=dim,
        epochs=epochs,
        budget=budget,
        quick=quick,
        described=described,
        seed=seed,
        cache=cache,
        progress=progress,
    ).concepts
    return concepts if select is None else concepts.select(select)


def embedded(
    graph: KnowledgeGraph,
    *,
    model: ScoreLike | None = "complex",
    text: EncoderLike | None = None,
    dim: int = 128,
    epochs: int | None = None,
    budget: BudgetLike = 0,
    quick: bool = False,
    described: bool = False,
    seed: int = 0,
    cache: str | Path | None = None,
    progress: Progress = lambda message, done: None,
) -> Embedded:
    """Graph -> vectors of all concepts as of `embed`, and the model behind them for an edit."""
    encoder = text_encoder(text)
    folder = None
    if cache:
        settings = {"graph": graph.hash, "dim": dim, "epochs": epochs, "quick": quick}
        settings |= {"described": described, "seed": seed, "version": __version__}
        settings |= score_settings(model) | _encoder_settings(encoder)
        settings |= {"budget": str(allowed)} if (allowed := Budget.of(budget)) else {}
        folder = Path(cache) / f"concepts-{_digest(settings)}"
    if folder and (folder / "concepts.json").is_file():
        return Embedded.load(folder, None if isinstance(model, str) else model)
    vectors = learn(
        graph,
        model=model,
        text=encoder,
        dim=dim,
        epochs=epochs,
        budget=budget,
        quick=quick,
        described=described,
        seed=seed,
        cache=cache,
        progress=progress,
    )
    if folder:
        vectors.save(folder)
    return vectors


def _encoder_settings(encoder: Encoder | None) -> dict[str, object]:
    """What vectors depend on: encoders of one name may have other weights."""
    return {
        "encoder": encoder_name(encoder),
        "fingerprint": encoder_fingerprint(encoder) if encoder else "",
        "max_tokens": getattr(encoder, "max_tokens", None),
    }


def _digest(settings: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:16]
