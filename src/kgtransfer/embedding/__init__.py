"""Vectors of a graph's concepts, from its structure and its text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer import __version__
from kgtransfer.embedding.concepts import ConceptEmbeddings, HasIris
from kgtransfer.embedding.kge.fit import Progress
from kgtransfer.embedding.kge.fitted import FittedModel
from kgtransfer.embedding.kge.update import Update, update
from kgtransfer.embedding.text import Encoder, encoder_name
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
    "Update",
    "embed",
    "embedded",
    "learn",
    "relearn",
    "update",
]


def embed(
    graph: KnowledgeGraph,
    *,
    select: Iterable[str] | HasIris | None = None,
    model: str | None = "complex",
    text: Encoder | None = None,
    dim: int = 128,
    epochs: int | None = None,
    quick: bool = False,
    described: bool = False,
    seed: int = 0,
    cache: str | Path | None = None,
    progress: Progress = lambda message, done: None,
) -> ConceptEmbeddings:
    """Embed the concepts of a graph.

    The part "text" comes first: the encoder's vectors of label, synonyms and comment. The part
    "structure" is a link-prediction model of the edges, its rows L2-normalised; a concept
    without links has zeros there. A first training finds, on held-out links, after how many
    epochs to stop; a second one runs that long on all links and gives the vectors.

    Args:
        graph: the whole graph is learnt.
        select: the concepts to keep, IRIs or a store's selection; all by default.
        model: the score function, a key of `kgtransfer.embedding.kge.scores.SCORES`; None for text
            alone.
        text: what encodes text; without it there is no text part.
        dim: factors of a structure vector; ComplEx has two columns for each.
        epochs: the most passes over the links; by default as fits the size of the graph.
        quick: the links of a large graph are learnt in seconds, and less well.
        described: links are learnt from text and numbers too: their keys stand beside the rows of
            the links, so that a concept without links has a vector.
        seed: of everything random.
        cache: folder that keeps the vectors between calls.
        progress: told what is going on and how much of it is done.

    Raises:
        ConfigError: neither a model nor an encoder is given, or there is no such model.
        DataError: the graph has no links, or `select` names a concept that it lacks.
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
    model: str | None = "complex",
    text: Encoder | None = None,
    dim: int = 128,
    epochs: int | None = None,
    quick: bool = False,
    described: bool = False,
    seed: int = 0,
    cache: str | Path | None = None,
    progress: Progress = lambda message, done: None,
) -> Embedded:
    """As `embed`, of all concepts, with the model behind the vectors: an edit can update it."""
    encoder = encoder_name(text)
    settings = {"graph": graph.hash, "encoder": encoder, "model": model, "dim": dim}
    settings |= {"epochs": epochs, "quick": quick, "described": described, "seed": seed}
    settings |= {"version": __version__}
    settings["max_tokens"] = getattr(text, "max_tokens", None)
    kept = Path(cache) / f"concepts-{_digest(settings)}" if cache else None
    if kept and (kept / "concepts.json").is_file():
        return Embedded.load(kept)
    found = learn(
        graph,
        model=model,
        text=text,
        dim=dim,
        epochs=epochs,
        quick=quick,
        described=described,
        seed=seed,
        cache=cache,
        progress=progress,
    )
    if kept:
        found.save(kept)
    return found


def _digest(settings: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:16]
