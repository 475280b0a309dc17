"""Concept vectors of a graph together with the model behind them, which an edit can update."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.embedding.kge.features import number_features
from kgtransfer.embedding.kge.fitted import FittedModel
from kgtransfer.embedding.kge.recipe import recipe_for
from kgtransfer.embedding.kge.scores.lookup import score_name
from kgtransfer.embedding.kge.triples import graph_triples
from kgtransfer.embedding.kge.update import Update, update
from kgtransfer.embedding.structure import Structure, learn_structure, structure_vectors
from kgtransfer.embedding.text import (
    Encoder,
    EncoderLike,
    concept_texts,
    encoder_name,
    text_encoder,
    text_vectors,
)
from kgtransfer.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kgtransfer.embedding.kge.budget import BudgetLike
    from kgtransfer.embedding.kge.fit import Progress
    from kgtransfer.embedding.kge.scores.lookup import ScoreLike
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["Embedded", "graph_features", "learn", "relearn"]


@dataclass(frozen=True, eq=False)
class Embedded:
    """Vectors of concepts with the model behind their structure part.

    Args:
        concepts: one vector a concept.
        structure: the model and what a trial said of it; None without a structure part, or where
            it was read back.
        model: the model alone.
    """

    concepts: ConceptEmbeddings
    structure: Structure | None
    model: FittedModel | None = None

    def save(self, folder: Path) -> None:
        """Write the model, then the vectors: a folder that has vectors is whole."""
        if self.model is not None:
            self.model.save(folder)
        self.concepts.save(folder)

    @classmethod
    def load(cls, folder: Path, model: ScoreLike | None = None) -> Embedded:
        """Read what `save` wrote.

        Args:
            folder: that was written.
            model: the score function, where it is the user's.

        Raises:
            ConfigError, RunError: as `FittedModel.load`.
        """
        has_model = (folder / "model.json").is_file()
        fitted = FittedModel.load(folder, model) if has_model else None
        return cls(ConceptEmbeddings.load(folder), None, fitted)


def learn(
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
    device: str = "cpu",
    cache: str | Path | None = None,
    progress: Progress = lambda message, done: None,
    tell: Callable[[str], None] = lambda line: None,
) -> Embedded:
    """Graph -> vectors as of `embed`, and the model behind them, which an edit can update.

    Args:
        graph: as of `embed`, like all that is not said here.
        model: the score function, or None.
        text: the text encoder, or None.
        dim: factors of a structure vector.
        epochs: the most passes over the links.
        budget: what a search of settings may spend beside one training; nothing by default.
        quick: the links of a large graph are learnt in seconds, and less well.
        described: the structure learns from text and numbers too.
        seed: of everything random.
        device: where to compute.
        cache: folder that keeps the vectors of texts between calls.
        progress: told what is going on and how much of it is done.
        tell: takes a line after each rung of the search.

    Raises:
        ConfigError, DataError: as `embed`.
    """
    if model is None and text is None:
        raise ConfigError("neither structure nor text to embed", cure="give a model or an encoder")
    encoder = text_encoder(text)
    texts = _texts(graph, encoder, cache, progress)
    if model is None:
        return Embedded(_concepts(graph, encoder, texts, None, seed), None)
    triples = graph_triples(graph)
    recipe = recipe_for(len(triples.train), model, dim, quick=quick)
    structure = learn_structure(
        triples,
        replace(recipe, epochs=epochs or recipe.epochs),
        budget=budget,
        features=graph_features(graph, texts) if described else None,
        seed=seed,
        device=device,
        progress=progress,
        tell=tell,
    )
    return Embedded(_concepts(graph, encoder, texts, structure, seed), structure, structure.model)


def relearn(
    old: FittedModel,
    graph: KnowledgeGraph,
    *,
    text: EncoderLike | None = None,
    seed: int = 0,
    device: str = "cpu",
    cache: str | Path | None = None,
    progress: Progress = lambda message, done: None,
) -> tuple[ConceptEmbeddings, Update]:
    """Model and edited graph -> the edited graph's vectors, by an update of the model.

    Args:
        old: the model behind the structure part.
        graph: the edited graph.
        text: the text encoder; the same as before where the model has learnt texts.
        seed: of everything random.
        device: where to compute.
        cache: folder that keeps the vectors of texts between calls.
        progress: told what is going on and how much of it is done.

    Raises:
        ConfigError: the old model has learnt texts too, and no encoder is given.
        DataError: the graph has no links.
    """
    if old.is_described and text is None:
        raise ConfigError("the model has learnt texts too", cure="give the same text encoder")
    encoder = text_encoder(text)
    texts = _texts(graph, encoder, cache, progress)
    features = graph_features(graph, texts) if old.is_described else None
    change = update(
        old, graph_triples(graph), features=features, seed=seed, device=device, progress=progress
    )
    structure = Structure(change.fitted, 0, {}, {})
    return _concepts(graph, encoder, texts, structure, seed), change


def _texts(
    graph: KnowledgeGraph, encoder: Encoder | None, cache: str | Path | None, progress: Progress
) -> Tensor | None:
    if encoder is None:
        return None
    progress("reading the concepts' texts", 0.0)
    return text_vectors(concept_texts(graph), encoder, cache=cache)


def graph_features(graph: KnowledgeGraph, texts: Tensor | None) -> Tensor:
    """Graph and text vectors -> `[concepts, f]`, texts, then numbers: what describes concepts."""
    numbers = {(number.concept, number.predicate): number.value for number in graph.numbers}
    columns = number_features(graph.concepts, numbers)
    return columns if texts is None else torch.cat([texts, columns], dim=1)


def _concepts(
    graph: KnowledgeGraph,
    encoder: Encoder | None,
    texts: Tensor | None,
    structure: Structure | None,
    seed: int,
) -> ConceptEmbeddings:
    columns: dict[str, Tensor] = {}
    provenance = {"graph": graph.hash, "seed": str(seed)}
    if texts is not None:
        columns["text"] = texts
        provenance["encoder"] = encoder_name(encoder)
    if structure is not None:
        columns["structure"] = structure_vectors(structure.model)
        provenance |= {
            "model": score_name(structure.model.recipe.model),
            "dim": str(structure.model.recipe.dim),
            "epochs": str(structure.model.epochs),
            "held_out_triples": str(structure.held_out),
        }
        provenance |= {f"held_out_{k}": f"{v:.6f}" for k, v in structure.valid.items()}
    return ConceptEmbeddings.from_parts(graph.concepts, columns, provenance)
