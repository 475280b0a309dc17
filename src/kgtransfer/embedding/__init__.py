"""Vectors of a graph's concepts, from its structure and its text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from kgtransfer.embedding.concepts import ConceptEmbeddings, HasIris
from kgtransfer.embedding.fit import Progress
from kgtransfer.embedding.fit import fit as fit_triples  # the module keeps the name `fit`
from kgtransfer.embedding.text import Encoder, concept_texts, text_vectors
from kgtransfer.embedding.triples import Triples, graph_triples
from kgtransfer.errors import ConfigError

if TYPE_CHECKING:
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
        cache: folder that keeps text vectors between calls.
        progress: told what is going on and how much of it is done.

    Raises:
        ConfigError: neither a model nor an encoder is given, or there is no such model.
        DataError: the graph has no links, or `select` names a concept that it lacks.
    """
    columns: dict[str, Tensor] = {}
    provenance = {"graph": graph.hash, "seed": str(seed)}
    if model is None and text is None:
        raise ConfigError("neither structure nor text to embed", cure="give a model or an encoder")
    if text is not None:
        progress("reading the concepts' texts", 0.0)
        columns["text"] = text_vectors(concept_texts(graph), text, cache=cache)
        provenance["encoder"] = str(getattr(text, "name", "")) or type(text).__name__
    if model is not None:
        columns["structure"], trained = _structure(
            graph_triples(graph), model, dim=dim, epochs=epochs, seed=seed, progress=progress
        )
        provenance |= trained
    concepts = ConceptEmbeddings.from_parts(graph.concepts, columns, provenance)
    return concepts if select is None else concepts.select(select)


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
    most, batch_size = _effort(len(triples.train))
    split = triples.hold_out(most=1_000, seed=seed)
    found = fit_triples(
        split,
        model,
        dim=dim,
        epochs=epochs or most,
        batch_size=batch_size,
        seed=seed,
        progress=lambda message, done: progress(f"finding when to stop, {message}", done),
    )
    final = fit_triples(
        replace(triples, valid=triples.valid[:0]),
        model,
        dim=dim,
        epochs=found.epochs,
        batch_size=batch_size,
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


def _effort(links: int) -> tuple[int, int]:
    """Most epochs, and triples of a step, by the number of links: small graphs need more steps."""
    return next(effort for size, effort in EFFORTS if links <= size)


EFFORTS = ((20_000, (60, 100)), (100_000, (15, 500)), (float("inf"), (20, 1_000)))
