"""Training of a knowledge-graph embedding: 1-vs-all softmax, reciprocal relations, N3, Adagrad."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import torch

from kgtransfer.embedding.kge.checkpoints import Checkpoints
from kgtransfer.embedding.kge.described import learn_described
from kgtransfer.embedding.kge.evaluate import Ranking
from kgtransfer.embedding.kge.features import check_features
from kgtransfer.embedding.kge.learner import Learner
from kgtransfer.embedding.kge.recipe import TrainingRecipe

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from kgtransfer.embedding.kge.fitted import FittedModel
    from kgtransfer.embedding.kge.triples import Rows, Triples

__all__ = ["Progress", "fit", "threads_for"]

# What the learning rate is multiplied by once training has stopped gaining.
COOLDOWN = 0.2

Progress: TypeAlias = Callable[[str, float], None]
"""Told what is going on, in words, and the share of it that is done, 0 to 1."""


def fit(
    triples: Triples,
    recipe: TrainingRecipe = TrainingRecipe(),  # noqa: B008  (frozen)
    *,
    features: Tensor | None = None,
    seed: int = 0,
    device: str | torch.device = "cpu",
    checkpoint: Path | None = None,
    progress: Progress = lambda message, done: None,
) -> FittedModel:
    """Triples -> the embedding trained on `train`, of the epoch that is best on `valid`.

    The recipe of Lacroix et al. (ICML 2018): cross-entropy of each triple's tail among all
    entities, reciprocal relations, weighted N3, Adagrad. The same seed gives the same bits on
    the same machine and number of threads. Several processes, started by `torchrun` or on GPUs by
    `accelerate launch`, share the batches of an epoch; each returns the same, the first one
    writes and tells.

    Args:
        triples: what to learn; without validation triples all epochs are run.
        recipe: settings.
        features: `[entities, f]`, descriptions of the entities: a text head learns links from
            them, and its score is added to that of the vectors.
        seed: of the initial vectors and of the order of the triples.
        device: where to compute; the result comes back to the CPU.
        checkpoint: folder to resume from and to write to after each epoch.
        progress: told after each epoch.

    Raises:
        ConfigError: there is no such score function, or torch-geometric is wanted and missing.
        DataError: there are no triples to train on, or features that are not finite or of
            another number of entities.
        RunError: the training diverged, or the checkpoint is another training's.
    """
    if features is not None:
        check_features(features, triples)
    ranking = Ranking(triples, device=device)
    sample = ranking.sample(recipe.validate_most, seed)
    learner = Learner(triples, recipe, seed=seed, device=device)
    checkpoints = Checkpoints(checkpoint, writes=learner.leads)
    report = progress if learner.leads else _silent
    learner.wait()  # until a training before this one is written
    if last := checkpoints.resume(recipe, triples.digest):
        learner.restore(last)
    with threads_for(recipe, triples):
        for epoch in range(last.epochs + 1 if last else 1, recipe.epochs + 1):
            if checkpoints.has_stopped_gaining(recipe):
                break
            learner.learn(epoch)
            news = f"epoch {epoch}"
            if epoch % recipe.validate_every == 0 or epoch == recipe.epochs:
                state = learner.snapshot(epoch)
                state = checkpoints.add(replace(state, valid=ranking.metrics(state, sample)))
                news += f": filtered MRR {state.valid['mrr']:.3f}" if state.valid else ""
            report(news, epoch / recipe.epochs)
        best = _cooled(learner, checkpoints.best, ranking, sample)
        if features is not None:
            best = learn_described(best, features, ranking, sample, seed=seed, progress=report)
        if len(sample) < len(triples.valid):
            return replace(best, valid=ranking.metrics(best, triples.valid))
    return best


def _silent(message: str, done: float) -> None:
    """The progress of a process that does not lead."""


def _cooled(learner: Learner, best: FittedModel, ranking: Ranking, sample: Rows) -> FittedModel:
    """The best state after a few more epochs at a lower learning rate, if they gained."""
    if not best.valid or not learner.recipe.cooldown:
        return best
    learner.restore(best)
    learner.slow_down(COOLDOWN)
    first = best.epochs + 1
    for epoch in range(first, first + learner.recipe.cooldown):
        learner.learn(epoch)
        state = learner.snapshot(epoch)
        state = replace(state, valid=ranking.metrics(state, sample), history=best.history)
        best = state if state.valid["mrr"] > best.valid["mrr"] else best
    return best


@contextmanager
def threads_for(recipe: TrainingRecipe, triples: Triples) -> Iterator[None]:
    """One thread where a step has few scores: on busy cores, waiting for others costs more."""
    candidates = min(len(triples.entities), recipe.batch_size + (recipe.negatives or sys.maxsize))
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(1 if recipe.batch_size * candidates < 1_000_000 else threads)
        yield
    finally:
        torch.set_num_threads(threads)
