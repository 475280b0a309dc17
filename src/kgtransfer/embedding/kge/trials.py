"""Trainings of several settings on the same triples, each one taken up where it stopped."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kgtransfer.embedding.kge.evaluate import DivergedError
from kgtransfer.embedding.kge.fit import fit, threads_for
from kgtransfer.embedding.kge.learner import Learner
from kgtransfer.embedding.kge.processes import leads
from kgtransfer.embedding.kge.work import epoch_work
from kgtransfer.errors import RunError
from kgtransfer.utils.files import json_bytes, read_json, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import torch

    from kgtransfer.embedding.kge.fit import Progress
    from kgtransfer.embedding.kge.recipe import TrainingRecipe
    from kgtransfer.embedding.kge.triples import Triples

__all__ = ["Trial", "Trials", "recipe_key"]

HISTORIES = "search.json"


@dataclass(frozen=True)
class Trial:
    """How far the training of some settings has come.

    Args:
        recipe: the settings.
        history: filtered validation MRR by epoch.
        epoch_work: what an epoch costs, as `kgtransfer.embedding.kge.work` counts.
    """

    recipe: TrainingRecipe
    history: Mapping[int, float]
    epoch_work: float

    @property
    def key(self) -> str:
        """Name of the settings."""
        return recipe_key(self.recipe)

    @property
    def mrr(self) -> float:
        """The best validation so far."""
        return max(self.history.values())

    @property
    def epochs(self) -> int:
        """Passes so far."""
        return max(self.history)

    @property
    def work(self) -> float:
        """What the passes cost."""
        return self.epochs * self.epoch_work


class Trials:
    """Trains settings for some epochs, and for some more when asked again.

    What has been trained is kept in a folder, by settings: a search that was cut off goes through
    it again, and trains only what is missing.

    Args:
        triples: with validation triples.
        folder: where states and histories are kept.
        seed: of every training.
        device: where to compute.
        progress: told after each epoch.

    Raises:
        RunError: the folder holds trials of other triples or of another seed.
    """

    def __init__(
        self,
        triples: Triples,
        folder: Path,
        *,
        seed: int,
        device: str | torch.device,
        progress: Progress,
    ) -> None:
        self.triples, self._folder = triples, folder
        self._seed, self._device, self._progress = seed, device, progress
        self._subject = {"data": triples.digest, "seed": seed}
        kept = read_json(folder / HISTORIES) if (folder / HISTORIES).is_file() else {}
        if kept and {name: kept.get(name) for name in self._subject} != self._subject:
            raise RunError(
                f"{folder} holds a search with another seed or of other data",
                cure="delete it and start again, or give another folder",
            )
        self._seconds: float | None = kept.get("seconds_per_epoch")
        self._histories = {
            key: {int(epoch): mrr for epoch, mrr in history.items()}
            for key, history in kept.get("histories", {}).items()
        }

    def run(self, recipe: TrainingRecipe, epochs: int) -> Trial:
        """Settings -> their training until an epoch, or until it stopped gaining before.

        A training that diverges has the MRR 0.

        Raises:
            ConfigError, DataError, RunError: as `fit`.
        """
        key = recipe_key(recipe)
        history = self._histories.get(key, {})
        if not history or (max(history) < epochs and not has_stopped(history, recipe)):
            history = self._histories[key] = self._train(recipe, epochs)
            self._write()
        history = {epoch: mrr for epoch, mrr in history.items() if epoch <= epochs}
        return Trial(recipe, history, epoch_work(recipe, self.triples))

    def validated(self, recipe: TrainingRecipe) -> int:
        """Number of the validation triples that a training with these settings is judged by."""
        return min(len(self.triples.valid), recipe.validate_most)

    def checkpoint(self, recipe: TrainingRecipe) -> Path:
        """Folder of the states of a training."""
        return self._folder / recipe_key(recipe)

    def drop(self, recipe: TrainingRecipe) -> None:
        """Remove the states of settings that are out of the race; their history stays."""
        if leads():
            shutil.rmtree(self.checkpoint(recipe), ignore_errors=True)

    def seconds_per_epoch(self, recipe: TrainingRecipe) -> float:
        """CPU-seconds of an epoch: measured once, and remembered after an interruption."""
        if self._seconds is None:
            learner = Learner(self.triples, recipe, seed=self._seed, device=self._device)
            with threads_for(recipe, self.triples):
                begin = time.process_time()
                learner.learn(1)
                self._seconds = time.process_time() - begin
            self._write()
        return self._seconds

    def _train(self, recipe: TrainingRecipe, epochs: int) -> dict[int, float]:
        try:
            fitted = fit(
                self.triples,
                replace(recipe, epochs=epochs, cooldown=0),
                seed=self._seed,
                device=self._device,
                checkpoint=self.checkpoint(recipe),
                progress=self._progress,
            )
        except DivergedError:
            return dict.fromkeys(range(1, epochs + 1), 0.0)
        return dict(fitted.history)

    def _write(self) -> None:
        content = {**self._subject, "seconds_per_epoch": self._seconds}
        content["histories"] = self._histories
        if leads():
            write_atomically(self._folder / HISTORIES, json_bytes(content))


def has_stopped(history: Mapping[int, float], recipe: TrainingRecipe) -> bool:
    """Whether a training had `recipe.patience` validations without gain."""
    best = max(history, key=lambda epoch: (history[epoch], -epoch))
    return max(history) - best >= recipe.patience * recipe.validate_every


def recipe_key(recipe: TrainingRecipe) -> str:
    """Settings -> the name of their folder; how long to train is none of them."""
    settings = {k: v for k, v in recipe.settings().items() if k not in ("epochs", "cooldown")}
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:16]
