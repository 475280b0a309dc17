"""Score functions by name, class or instance, and how a saved model names the one it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import torch

from kgtransfer.embedding.kge.scores import SCORES
from kgtransfer.embedding.kge.scores.base import ScoreFunction
from kgtransfer.errors import ConfigError, RunError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

__all__ = [
    "ScoreLike",
    "restored_score",
    "score_function",
    "score_name",
    "score_probe",
    "score_settings",
]

ScoreLike: TypeAlias = str | ScoreFunction | type[ScoreFunction]
"""A key of `SCORES`, or a score function of the user's: an instance, or a class to make one of."""

PARTS = (
    *("components", "bilinear", "widths"),
    *("heads", "keys", "queries", "compare", "relation_queries"),
)


def score_function(model: ScoreLike) -> ScoreFunction:
    """Name, class or instance -> the score function.

    Raises:
        ConfigError: no score function has this name, the class cannot be made one of without
            arguments, or the object lacks a part of a `ScoreFunction` or is falsely `bilinear`.
    """
    if isinstance(model, str):
        if model not in SCORES:
            cure = f"one of: {', '.join(SCORES)}"
            raise ConfigError(f"no score function {model!r}", cure=cure)
        return SCORES[model]
    score = _instance(model) if isinstance(model, type) else model
    missing = [part for part in PARTS if not hasattr(score, part)]
    if missing:
        raise ConfigError(
            f"{_class_name(score)} is no score function: it lacks {', '.join(missing)}",
            cure="write what kgtransfer.embedding.kge.scores.ScoreFunction lists",
        )
    queries, keys = _fixed_rows(score)
    if score.bilinear and not torch.allclose(score.compare(queries, keys), queries @ keys.T, 1e-4):
        raise ConfigError(
            f"{_class_name(score)} is bilinear, but its scores are not dot products",
            cure="scale or shift queries and keys instead, or set bilinear = False",
        )
    return score


def score_name(model: ScoreLike) -> str:
    """Score function -> its key of `SCORES`, or `module:Class` of one that is not there.

    Raises:
        ConfigError: as `score_function`.
    """
    score = score_function(model)
    for name, built_in in SCORES.items():
        if type(score) is type(built_in) and vars(score) == vars(built_in):
            return name
    return _class_name(score)


def score_probe(model: ScoreLike) -> list[float]:
    """Score function -> its scores of fixed rows: they tell apart two settings of one class."""
    score = score_function(model)
    scores: list[float] = score.compare(*_fixed_rows(score)).flatten().tolist()
    return scores


def score_settings(model: ScoreLike | None) -> dict[str, object]:
    """Score function -> what a cache has to tell apart: classes change, and have settings."""
    if model is None:
        return {"model": None}
    name = score_name(model)
    return {"model": name, "score_probe": () if name in SCORES else score_probe(model)}


def restored_score(name: str, probe: Sequence[float], model: ScoreLike | None) -> ScoreLike:
    """Name and probe of a saved model's score function -> the score function to load it with.

    A class that a file names is never imported: the user hands it in.

    Args:
        name: as `score_name` gave it.
        probe: as `score_probe` gave it; empty where the name is a key of `SCORES`.
        model: what the user hands in; None takes the name for a key of `SCORES`.

    Raises:
        ConfigError: `model` is no score function.
        RunError: the name is no key and no score function is handed in, or another one.
    """
    if model is None and name in SCORES:
        return name
    if model is None:
        raise RunError(
            f"the embedding was trained with the score function {name}, which is not at hand",
            cure="import the class and hand it in: load(folder, model=CLASS)",
        )
    if score_name(model) != name:
        raise RunError(
            f"the embedding was trained with the score function {name}, not {score_name(model)}",
            cure="hand in the one that it was trained with, or embed again",
        )
    if probe and not torch.allclose(torch.tensor(probe), torch.tensor(score_probe(model)), 1e-4):
        raise RunError(
            f"{name} gives other scores than when the embedding was trained",
            cure="hand in an instance with the settings of the training, or embed again",
        )
    return model


def _instance(cls: type[ScoreFunction]) -> ScoreFunction:
    try:
        return cls()
    except TypeError as error:
        raise ConfigError(
            f"{cls.__qualname__} cannot be made without arguments ({error})",
            cure=f"give an instance: model={cls.__qualname__}(...)",
        ) from error


def _fixed_rows(score: ScoreFunction) -> tuple[Tensor, Tensor]:
    """Score function -> a query `[1, q]` and keys `[3, q]`, always the same."""
    entity, relation = score.widths(4)
    entities = torch.linspace(-1.0, 1.0, 3 * entity).view(3, entity)
    relations = torch.linspace(0.5, 1.5, relation).view(1, relation)
    return score.queries(score.heads(entities[:1]), relations), score.keys(entities)


def _class_name(score: ScoreFunction) -> str:
    return f"{type(score).__module__}:{type(score).__qualname__}"
