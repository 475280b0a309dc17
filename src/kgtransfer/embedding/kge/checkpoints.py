"""The best and the last state of a training, in memory and on disk."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from kgtransfer.embedding.kge.fitted import FittedModel
from kgtransfer.errors import RunError

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.embedding.kge.recipe import TrainingRecipe

__all__ = ["Checkpoints"]


class Checkpoints:
    """Keeps the best state of a training and its history, so that it can be taken up again.

    Args:
        folder: where `best` and `last` are kept; None keeps nothing on disk.
        writes: whether this process writes to the folder, which it reads in any case.
    """

    def __init__(self, folder: Path | None = None, *, writes: bool = True) -> None:
        self.folder = folder
        self._writes_to = folder if writes else None
        self._best: FittedModel | None = None
        self._history: dict[int, float] = {}

    @property
    def best(self) -> FittedModel:
        """The state of the best validation, or the last one where there was none.

        Raises:
            RunError: nothing was added.
        """
        if self._best is None:
            raise RunError("the training has not run for an epoch", cure="ask for more epochs")
        return replace(self._best, history=dict(self._history))

    def add(self, state: FittedModel) -> FittedModel:
        """State of an epoch -> the same with the history; both are kept.

        The best is written before the last, so that an interruption loses none.
        """
        if state.valid:
            self._history[state.epochs] = state.valid["mrr"]
        state = replace(state, history=dict(self._history))
        if self._best is None or not state.valid or state.valid["mrr"] > self._best.valid["mrr"]:
            self._best = state
            if self._writes_to:
                state.save(self._writes_to / "best")
        if self._writes_to:
            state.save(self._writes_to / "last")
        return state

    def has_stopped_gaining(self, recipe: TrainingRecipe) -> bool:
        """Whether the last `recipe.patience` validations brought no gain."""
        if not self._history or self._best is None:
            return False
        return max(self._history) - self._best.epochs >= recipe.patience * recipe.validate_every

    def resume(self, recipe: TrainingRecipe, data: str) -> FittedModel | None:
        """The last state on disk, if there is one; epochs and cooldown may differ from then.

        Raises:
            RunError: the folder is damaged, or holds the training of other data or settings.
        """
        model = None if isinstance(recipe.model, str) else recipe.model
        if self.folder is None or not (self.folder / "last" / "model.json").is_file():
            return None
        last = FittedModel.load(self.folder / "last", model)
        same_length = replace(last.recipe, epochs=recipe.epochs, cooldown=recipe.cooldown)
        if (same_length.settings(), last.data) != (recipe.settings(), data):
            raise RunError(
                f"{self.folder} holds a training with other settings or of other data",
                cure="delete it and start again, or give another folder",
            )
        self._best = replace(FittedModel.load(self.folder / "best", model), recipe=recipe)
        self._history = dict(last.history)
        return last

    def discard(self) -> None:
        """Remove what was kept on disk, and the folder if nothing else is in it."""
        if self._writes_to is None:
            return
        for name in ("best", "last"):
            shutil.rmtree(self._writes_to / name, ignore_errors=True)
        with contextlib.suppress(OSError):
            self._writes_to.rmdir()
