"""Vectors of a graph's concepts, from its structure and its text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from kgtransfer import __version__
from kgtransfer.embedding.concepts import ConceptEmbeddings, HasIris
from kgtransfer.embedding.fit import Progress
from kgtransfer.embedding.fit import fit as fit_triples  # the module keeps the name `fit`
from kgtransfer.embedding.recipes import recipe_for
from kgtransfer.embedding.text import Encoder, concept_texts, text_vectors
from kgtransfer.embedding.triples import Triples, graph_triples
from kgtransfer.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["ConceptEmbeddings", "Encoder", "Progress", "embed"]


def embed(
    graph: KnowledgeGraph,
    *,
    select: Iterable[str] | HasIris | None = None,
    model: str | None = "complex",
    text: Encoder | None = None,
    dim: int = 128,
    epochs: int | None = None,
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
        model: the score function, a key of `kgtransfer.embedding.scores.SCORES`; None for text
            alone.
        text: what encodes text; without it there is no text part.
        dim: factors of a structure vector; ComplEx has two columns for each.
        epochs: the most passes over the links; by default as fits the size of the graph.
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
    if model is None and text is None:
        raise ConfigError("neither structure nor text to embed", cure="give a model or an encoder")
    encoder = "" if text is None else str(getattr(text, "name", "")) or type(text).__name__
    settings = {"graph": graph.hash, "encoder": encoder, "model": model, "dim": dim}
    settings |= {"epochs": epochs, "seed": seed, "version": __version__}
    settings["max_tokens"] = getattr(text, "max_tokens", None)
    kept = Path(cache) / f"concepts-{_digest(settings)}" if cache else None
    if kept and (kept / "concepts.json").is_file():
        concepts = ConceptEmbeddings.load(kept)
        return concepts if select is None else concepts.select(select)

    columns: dict[str, Tensor] = {}
    provenance = {"graph": graph.hash, "seed": str(seed)}
    if text is not None:
        progress("reading the concepts' texts", 0.0)
        columns["text"] = text_vectors(concept_texts(graph), text, cache=cache)
        provenance["encoder"] = encoder
    if model is not None:
        columns["structure"], trained = _structure(
            graph_triples(graph), model, dim=dim, epochs=epochs, seed=seed, progress=progress
        )
        provenance |= trained
    concepts = ConceptEmbeddings.from_parts(graph.concepts, columns, provenance)
    if kept:
        concepts.save(kept)
    return concepts if select is None else concepts.select(select)


def _digest(settings: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:16]


def _structure(
    triples: Triples,
    model: str,
    *,
    dim: int,
    epochs: int | None,
    seed: int,
    progress: Progress,
) -> tuple[Tensor, dict[str, str]]:
    """Normalised vectors `[entities, d]` learnt from all triples, and how they came about."""
    recipe = recipe_for(len(triples.train), model, dim)
    split = triples.hold_out(0.1, most=1_000, seed=seed)
    found = fit_triples(
        split,
        replace(recipe, epochs=epochs or recipe.epochs),
        seed=seed,
        progress=lambda message, done: progress(f"finding when to stop, {message}", done),
    )
    final = fit_triples(
        triples,
        replace(recipe, epochs=found.epochs),
        seed=seed,
        progress=lambda message, done: progress(f"learning all links, {message}", done),
    )
    linked = torch.zeros(len(triples.entities), 1)
    linked[triples.train[:, [0, 2]].ravel()] = 1.0
    metrics = {f"held_out_{name}": f"{value:.6f}" for name, value in found.valid.items()}
    trained = {
        "model": model,
        "dim": str(dim),
        "epochs": str(final.epochs),
        "held_out_triples": str(len(split.valid)),
    }
    return F.normalize(final.entities, dim=1) * linked, trained | metrics
