"""Bring an embedding up to date with an edited graph, at a small part of a training's cost."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from kgtransfer.embedding.kge.described import with_text_head
from kgtransfer.embedding.kge.edit import TripleEdit, edit_between, without
from kgtransfer.embedding.kge.evaluate import Ranking
from kgtransfer.embedding.kge.fit import Progress, threads_for
from kgtransfer.embedding.kge.learner import Learner
from kgtransfer.embedding.kge.transfer_state import (
    RELATIONS,
    ROWS,
    transfer_state,
    transfer_text_head,
)
from kgtransfer.embedding.kge.triples import drawn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.embedding.kge.fitted import FittedModel
    from kgtransfer.embedding.kge.triples import Rows, Triples

__all__ = ["Update", "update"]


@dataclass(frozen=True, eq=False)
class Update:
    """The result of an update: the embedding after the edit, its forgetting and its drift.

    Args:
        fitted: the new state.
        counts: of entities and training triples: how many are kept, new and gone.
        old_facts: filtered MRR before and after of facts that the edit left alone: held-out ones,
            or a sample of the training triples where none are held out; ranked among all entities
            of the new graph. Their difference is the forgetting.
        new_facts: the same of the added triples.
        drift: mean change of an entity's vector over its length, of those that the edit touches
            and of the others.
        cpu_seconds: of the update.
    """

    fitted: FittedModel
    counts: Mapping[str, Mapping[str, int]]
    old_facts: Mapping[str, float]
    new_facts: Mapping[str, float]
    drift: Mapping[str, float]
    cpu_seconds: float

    @property
    def forgetting(self) -> float:
        """How much filtered MRR the facts lost that the edit left alone."""
        return self.old_facts["before"] - self.old_facts["after"]


def update(
    old: FittedModel,
    new: Triples,
    *,
    features: Tensor | None = None,
    epochs: int = 5,
    replay: float = 2.0,
    pace: float = 0.5,
    anchor: float = 0.03,
    unlearn: float = 20.0,
    tolerance: float = 0.003,
    seed: int = 0,
    device: str | torch.device = "cpu",
    progress: Progress = lambda message, done: None,
) -> Update:
    """Old model and edited graph -> the new model, for the cost of the changed triples.

    They are learnt, and of their neighbourhood enough not to forget it.

    Rows keep their vectors and their optimiser's memory by name. Only the added triples are
    learnt, with a replay of triples about the same entities, and the removed ones are unlearnt,
    while a penalty holds every row that was there to its old place. The last epoch is kept at
    which facts that the edit left alone are ranked as well as before, and as at their best since:
    unlearning first takes the removed facts out of their way and then goes on to what is true.

    Args:
        old: the state before the edit.
        new: the edited graph; its validation triples say what must not be forgotten.
        features: as in `fit`, for the entities of the new graph.
        epochs: the most passes over what is learnt.
        replay: triples of the neighbourhood, as a multiple of the changed ones.
        pace: learning rate, as a multiple of the training's.
        anchor: weight of the squared distance from the old rows.
        unlearn: weight of the removed triples' unlikelihood.
        tolerance: filtered MRR that facts left alone may lose.
        seed: of the replay and of the order of the triples.
        device: where to compute.
        progress: told after each epoch.

    Raises:
        ConfigError, DataError: as `fit`.
    """
    begin = time.process_time()
    edit, ranking = edit_between(old, new), Ranking(new, device)
    unchanged = ranking.sample(old.recipe.validate_most, seed)
    if not len(unchanged):
        unchanged = drawn(without(new.train, edit.added), 1_000, seed)

    recipe = replace(old.recipe, epochs=epochs if len(edit.touched) else 0)
    learner = Learner(new, recipe, seed=seed, device=device)
    learner.slow_down(pace)
    learner.restore(transfer_state(old, learner.snapshot(0), new, edit))
    learner.anchor(_old_rows(edit), anchor)
    learner.unlearn(edit.removed, unlearn)
    learner.limit(_triples_to_learn(new, edit, replay, seed))
    start = best = learner.snapshot(0)
    text_head = transfer_text_head(old, edit)
    rows = text_head.rows(features) if text_head and features is not None else None

    def complete(state: FittedModel) -> FittedModel:
        if text_head is None or rows is None:
            return state
        return with_text_head(state, text_head, rows, old.recipe.text_weight)

    floor = _mrr(ranking, complete(start), unchanged) - tolerance
    with threads_for(recipe, new):
        for epoch in range(1, recipe.epochs + 1):
            learner.learn(epoch)
            snapshot = learner.snapshot(epoch)
            mrr = _mrr(ranking, complete(snapshot), unchanged)
            progress(f"epoch {epoch}: filtered MRR of what stays {mrr:.3f}", epoch / epochs)
            if mrr < floor:
                break
            best, floor = snapshot, max(floor, mrr - tolerance)
    seconds = time.process_time() - begin
    added = drawn(edit.added, 1_000, seed)
    states = {"before": start, "after": best}
    old_facts, new_facts = (
        {name: _mrr(ranking, complete(state), facts) for name, state in states.items()}
        for facts in (unchanged, added)
    )
    fitted = replace(complete(best), recipe=old.recipe, epochs=old.epochs)
    drift = _drift(start, best, edit)
    return Update(fitted, edit.counts, old_facts, new_facts, drift, seconds)


def _mrr(ranking: Ranking, state: FittedModel, triples: Rows) -> float:
    return ranking.metrics(state, triples).get("mrr", 0.0)


def _triples_to_learn(new: Triples, edit: TripleEdit, replay: float, seed: int) -> Rows:
    """`[k, 3]`: the added triples, and some others about the touched entities."""
    about = np.isin(new.train[:, 0], edit.touched) | np.isin(new.train[:, 2], edit.touched)
    others = without(new.train[about], edit.added)
    changed = len(edit.added) + len(edit.removed)
    return np.concatenate([edit.added, drawn(others, round(replay * changed), seed)])


def _old_rows(edit: TripleEdit) -> dict[str, Tensor]:
    """Edit -> the rows of each table that were there before it, as booleans."""
    links = np.tile(edit.relations >= 0, 2)
    return {ROWS: torch.from_numpy(edit.entities >= 0), RELATIONS: torch.from_numpy(links)}


def _drift(start: FittedModel, best: FittedModel, edit: TripleEdit) -> dict[str, float]:
    distance = (best.entities - start.entities).norm(dim=1)
    change = (distance / start.entities.norm(dim=1).clamp_min(1e-12)).numpy()
    is_old, touched = edit.entities >= 0, np.zeros(len(change), dtype=bool)
    touched[edit.touched] = True
    groups = {"touched": change[touched & is_old], "untouched": change[~touched & is_old]}
    return {name: float(values.mean()) if len(values) else 0.0 for name, values in groups.items()}
