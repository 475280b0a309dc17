"""Training with settings that a search within a budget chooses on validation triples."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.embedding.kge.budget import Budget
from kgtransfer.embedding.kge.fit import Progress, fit
from kgtransfer.embedding.kge.processes import leads, processes
from kgtransfer.embedding.kge.search import search
from kgtransfer.embedding.kge.trials import Trials
from kgtransfer.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import torch
    from torch import Tensor

    from kgtransfer.embedding.kge.budget import BudgetLike
    from kgtransfer.embedding.kge.fitted import FittedModel
    from kgtransfer.embedding.kge.recipe import TrainingRecipe
    from kgtransfer.embedding.kge.search import Search
    from kgtransfer.embedding.kge.triples import Triples

__all__ = ["discard", "fit_within"]

FOLDER = "search"  # inside the folder of the checkpoint
HELD_OUT, MOST = 0.1, 3_000  # triples that choose where there are no validation triples


def fit_within(
    triples: Triples,
    recipe: TrainingRecipe,
    budget: BudgetLike,
    *,
    rank: bool = True,
    features: Tensor | None = None,
    seed: int = 0,
    device: str | torch.device = "cpu",
    checkpoint: Path | None = None,
    progress: Progress = lambda message, done: None,
    tell: Callable[[str], None] = lambda line: None,
) -> tuple[FittedModel, Search | None]:
    """Triples and a budget -> the embedding by the best settings that it pays for, and the search.

    The settings are those of the best filtered MRR on `valid`; where there are no validation
    triples, some of train are held out to choose by, and the chosen settings are trained on all
    for as many epochs as were best then. Test is not looked at.

    Args:
        triples: what to learn.
        recipe: the settings to begin with; with the budget 0 they stay.
        budget: "2x", twice the cost of the training by the recipe, or CPU-seconds, or 0.
        rank: whether the number of factors may change.
        features: as of `fit`; the search itself is of links alone.
        seed: of everything random.
        device: where to compute; the result comes back to the CPU.
        checkpoint: folder to resume from and to write to.
        progress: told after each epoch.
        tell: takes a line after each rung of the search.

    Raises:
        ConfigError: it is no budget, or several processes share one in seconds or without a
            folder; else as `fit`.
        DataError, RunError: as `fit`.
    """
    budget = Budget.of(budget)
    held = triples if len(triples.valid) else triples.hold_out(HELD_OUT, most=MOST, seed=seed)
    if not budget or not len(held.valid):
        fitted = fit(
            triples,
            recipe,
            features=features,
            seed=seed,
            device=device,
            checkpoint=checkpoint,
            progress=progress,
        )
        return fitted, None
    if processes() > 1 and (budget.unit == "seconds" or checkpoint is None):
        raise ConfigError(
            "processes that share a search need a folder, and a budget that all agree on",
            cure="give multiples of a training (2x), or 0 for no search",
        )
    with _folder(checkpoint) as folder:
        trials = Trials(held, folder, seed=seed, device=device, progress=progress)
        lines = tell if leads() else _unheard
        result = search(trials, recipe, budget, rank=rank, tell=lines)
        fitted = fit(
            held,
            result.recipe,
            features=features,
            seed=seed,
            device=device,
            checkpoint=trials.checkpoint(result.recipe),
            progress=progress,
        )
        if held is triples:
            return fitted, result
        length = replace(fitted.recipe, epochs=fitted.epochs)
        everything = fit(
            triples,
            length,
            features=features,
            seed=seed,
            device=device,
            checkpoint=folder / "all",
            progress=progress,
        )
        return everything, replace(result, held_out=len(held.valid))


def discard(checkpoint: Path) -> None:
    """Remove what a search kept in the folder of the checkpoint, once its result is saved."""
    shutil.rmtree(checkpoint / FOLDER, ignore_errors=True)


def _unheard(line: str) -> None:
    """The lines of a process that does not lead."""


@contextmanager
def _folder(checkpoint: Path | None) -> Iterator[Path]:
    """The folder of the search inside the checkpoint's, or a temporary one."""
    if checkpoint is not None:
        yield checkpoint / FOLDER
        return
    with tempfile.TemporaryDirectory(prefix="kgtransfer-") as folder:
        yield Path(folder)
