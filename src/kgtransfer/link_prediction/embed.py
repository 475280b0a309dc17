"""Link prediction: embed a folder of triples or an ontology, and say how well links are found."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from kgtransfer.embedding import ConceptEmbeddings, FittedModel, learn, relearn
from kgtransfer.embedding.kge.budget import DEFAULT_BUDGET
from kgtransfer.embedding.kge.checkpoints import Checkpoints
from kgtransfer.embedding.kge.evaluate import Ranking
from kgtransfer.embedding.kge.features import number_features, text_features
from kgtransfer.embedding.kge.files import read_numbers, read_texts, read_triples
from kgtransfer.embedding.kge.processes import leads
from kgtransfer.embedding.kge.recipe import DIM, recipe_for
from kgtransfer.embedding.kge.scores.lookup import score_name
from kgtransfer.embedding.kge.tuned import discard, fit_within
from kgtransfer.embedding.kge.update import update
from kgtransfer.embedding.structure import structure_vectors
from kgtransfer.embedding.text import text_encoder
from kgtransfer.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from kgtransfer.embedding import Encoder, Progress, Update
    from kgtransfer.embedding.kge.budget import BudgetLike
    from kgtransfer.embedding.kge.scores.lookup import ScoreLike
    from kgtransfer.embedding.kge.search import Search
    from kgtransfer.embedding.kge.triples import Triples
    from kgtransfer.embedding.text import EncoderLike
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["embed_folder", "embed_ontology"]

CHECKPOINT = "checkpoint"


def embed_folder(
    folder: str | Path,
    out: str | Path,
    *,
    model: ScoreLike = "complex",
    dim: int | None = None,
    epochs: int | None = None,
    budget: BudgetLike = DEFAULT_BUDGET,
    text: EncoderLike | None = None,
    old: FittedModel | None = None,
    seed: int = 0,
    device: str = "cpu",
    progress: Progress = lambda message, done: None,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Embed a folder of `train`, `valid` and `test` triples; test is ranked once, at the end.

    A training that was cut off is taken up again where `out` is the same.

    Args:
        folder: as `read_triples`, `read_texts` and `read_numbers` describe it.
        out: folder for the vectors and the model.
        model: the score function.
        dim: factors of a vector; by default 128, or more where a search finds more to be better.
        epochs: the most passes; by default as fits the size of the graph.
        budget: what a search of settings may spend beside one training: "2x", twice that training,
            CPU-seconds, or 0 for the settings that fit the size of the graph. An update has none.
        text: encoder of the entities' texts; without it, only links and numbers are learnt.
        old: the model of an earlier state of the graph, to be updated.
        seed: of everything random.
        device: where to compute.
        progress: told after each epoch.
        tell: takes a line after each rung of the search.

    Returns:
        What `result.json` says: filtered metrics on valid and test, seconds, sizes, settings, and
        what the search tried.

    Raises:
        ConfigError: there is no such score function, it is no budget, or `old` and `text` do not
            go together.
        DataError: the folder cannot be read, or has nothing to learn.
    """
    cpu, wall = time.process_time(), time.perf_counter()
    triples = read_triples(folder)
    features = _features(folder, triples, text_encoder(text), Path(out))
    change, tried = None, None
    if old is None:
        recipe = recipe_for(len(triples.train), model, dim or DIM)
        fitted, tried = fit_within(
            triples,
            replace(recipe, epochs=epochs or recipe.epochs),
            budget,
            rank=dim is None,
            features=features,
            seed=seed,
            device=device,
            checkpoint=Path(out) / CHECKPOINT,
            progress=progress,
            tell=tell,
        )
    else:
        _check_described(old, features)
        change = update(
            old, triples, features=features, seed=seed, device=device, progress=progress
        )
        fitted = change.fitted
    ranking = Ranking(triples, device)
    result = {
        "valid": ranking.metrics(fitted, triples.valid),
        "test": ranking.metrics(fitted, triples.test),
        **_spent(cpu, wall),
        "unseen": _unseen(triples),
        **_sizes(len(triples.entities), len(triples.relations), len(triples.train)),
        **_settings(fitted, seed),
        **_searched(tried),
        **_changed(change),
    }
    provenance = {"data": fitted.data, "model": score_name(fitted.recipe.model), "seed": str(seed)}
    columns = {"structure": structure_vectors(fitted)}
    if not leads():
        return result
    ConceptEmbeddings.from_parts(fitted.names, columns, provenance).save(out)
    fitted.save(Path(out))
    discard(Path(out) / CHECKPOINT)
    Checkpoints(Path(out) / CHECKPOINT).discard()
    return result


def embed_ontology(
    graph: KnowledgeGraph,
    out: str | Path,
    *,
    model: ScoreLike | None = "complex",
    dim: int = 128,
    epochs: int | None = None,
    budget: BudgetLike = 0,
    text: EncoderLike | None = None,
    described: bool = False,
    old: FittedModel | None = None,
    seed: int = 0,
    device: str = "cpu",
    progress: Progress = lambda message, done: None,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Embed an ontology's concepts; how well links are found is measured on held-out ones.

    Args:
        graph: the ontology.
        out: folder for the vectors and the model.
        model: the score function; None for text alone.
        dim: factors of a vector.
        epochs: the most passes; by default as fits the size of the graph.
        budget: what a search of settings may spend beside one training; nothing by default.
        text: encoder of the concepts' texts.
        described: the structure learns from text and numbers too.
        old: the model of an earlier state of the ontology, to be updated.
        seed: of everything random.
        device: where to compute.
        progress: told after each epoch.
        tell: takes a line after each rung of the search.

    Returns:
        What `result.json` says, as `embed_folder`; valid and test are links that the trial held
        out, and are empty after an update.

    Raises:
        ConfigError: neither model nor encoder, or no such score function.
        DataError: the ontology has no links.
    """
    cpu, wall = time.process_time(), time.perf_counter()
    settings: dict[str, Any] = {"text": text, "seed": seed, "device": device}
    settings |= {"cache": Path(out) / "cache", "progress": progress}
    result: dict[str, Any] = {"valid": {}, "test": {}}
    change = None
    if old is None:
        options: dict[str, Any] = {"dim": dim, "epochs": epochs, "budget": budget, "tell": tell}
        embedded = learn(graph, model=model, described=described, **options, **settings)
        concepts, structure = embedded.concepts, embedded.structure
        fitted = structure.model if structure else None
        if structure:
            result = {"valid": dict(structure.valid), "test": dict(structure.test)}
            result |= _searched(structure.search)
    else:
        concepts, change = relearn(old, graph, **settings)
        fitted = change.fitted
    if leads():
        concepts.save(out)
    result |= _spent(cpu, wall)
    result |= _sizes(len(graph.concepts), len(graph.relations), len(graph.edges))
    if fitted is not None:
        if leads():
            fitted.save(Path(out))
        result |= _settings(fitted, seed) | _changed(change)
    return result | {"graph": graph.hash}


def _features(
    folder: str | Path, triples: Triples, encoder: Encoder | None, out: Path
) -> Tensor | None:
    columns = [number_features(triples.entities, read_numbers(folder))]
    if encoder is not None:
        texts = read_texts(folder)
        if not texts:
            raise ConfigError(
                f"{folder} has no texts to read",
                cure="add entity_text.tsv (entity<TAB>text), or give --text none",
            )
        columns.append(text_features(triples.entities, texts, encoder, cache=out / "cache"))
    features = torch.cat(columns, dim=1)
    return features if features.shape[1] else None


def _check_described(old: FittedModel, features: Tensor | None) -> None:
    if old.is_described != (features is not None):
        raise ConfigError(
            "the old model and the new data differ in whether texts and numbers are learnt",
            cure="give the same --text as before",
        )


def _unseen(triples: Triples) -> dict[str, int]:
    """Entities that training never sees, and valid and test triples that have one; all count."""
    trained = np.unique(triples.train[:, [0, 2]])
    splits = {"valid": triples.valid, "test": triples.test}
    counts = {
        f"{name}_triples": int((~np.isin(rows[:, [0, 2]], trained)).any(axis=1).sum())
        for name, rows in splits.items()
    }
    return {"entities": len(triples.entities) - len(trained), **counts}


def _spent(cpu: float, wall: float) -> dict[str, float]:
    return {
        "cpu_seconds": round(time.process_time() - cpu, 2),
        "wall_seconds": round(time.perf_counter() - wall, 2),
    }


def _sizes(entities: int, relations: int, links: int) -> dict[str, int]:
    return {"entities": entities, "relations": relations, "links": links}


def _settings(fitted: FittedModel, seed: int) -> dict[str, Any]:
    return {"epochs": fitted.epochs, "seed": seed, "recipe": fitted.recipe.settings()}


def _searched(search: Search | None) -> dict[str, Any]:
    return {"search": search.summary()} if search else {}


def _changed(change: Update | None) -> dict[str, Any]:
    if change is None:
        return {}
    return {
        "update": {
            "counts": change.counts,
            "old_facts": change.old_facts,
            "new_facts": change.new_facts,
            "forgetting": change.forgetting,
            "drift": change.drift,
            "cpu_seconds": round(change.cpu_seconds, 2),
        }
    }
