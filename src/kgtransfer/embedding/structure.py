"""The structure of a graph as vectors: a trial finds when to stop, then all links are learnt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from kgtransfer.embedding.kge.evaluate import Ranking
from kgtransfer.embedding.kge.fit import Progress, fit
from kgtransfer.embedding.kge.scores.lookup import score_function
from kgtransfer.embedding.kge.tuned import fit_within

if TYPE_CHECKING:
    from kgtransfer.embedding.kge.budget import BudgetLike
    from kgtransfer.embedding.kge.fitted import FittedModel
    from kgtransfer.embedding.kge.recipe import TrainingRecipe
    from kgtransfer.embedding.kge.search import Search
    from kgtransfer.embedding.kge.triples import Triples

__all__ = ["Structure", "learn_structure", "structure_vectors"]


@dataclass(frozen=True, eq=False)
class Structure:
    """A model of all links, and the metrics of a trial on held-out ones.

    Args:
        model: learnt from all links.
        held_out: how many links the trial held out for valid; about as many for test.
        valid: filtered metrics of the trial; the number of epochs was chosen by them.
        test: filtered metrics of the trial on links that chose nothing.
        search: what was tried to find the settings; None where they were not searched.
    """

    model: FittedModel
    held_out: int
    valid: Mapping[str, float]
    test: Mapping[str, float]
    search: Search | None = None


def learn_structure(
    triples: Triples,
    recipe: TrainingRecipe,
    *,
    budget: BudgetLike = 0,
    features: Tensor | None = None,
    seed: int = 0,
    device: str = "cpu",
    progress: Progress = lambda message, done: None,
    tell: Callable[[str], None] = lambda line: None,
) -> Structure:
    """Triples -> a model of all links, after a trial on held-out ones that says when to stop.

    Args:
        triples: all links in train.
        recipe: settings.
        budget: what the trial may spend on a search of other settings: as of `fit_within`.
        features: `[entities, f]` of what describes the entities, or None.
        seed: of everything random.
        device: where to compute.
        progress: told after each epoch.
        tell: takes a line after each rung of the search.

    Raises:
        ConfigError, DataError: as `fit`.
    """
    split = triples.hold_out(0.1, most=1_000, seed=seed)
    split = split.hold_out(0.1, most=1_000, seed=seed, to="test")
    trial, search = fit_within(
        split,
        recipe,
        budget,
        rank=False,
        features=features,
        seed=seed,
        device=device,
        progress=lambda news, done: progress(f"finding when to stop, {news}", done),
        tell=tell,
    )
    model = fit(
        triples,
        replace(trial.recipe, epochs=trial.epochs),
        features=features,
        seed=seed,
        device=device,
        progress=lambda news, done: progress(f"learning all links, {news}", done),
    )
    test = Ranking(split, device).metrics(trial, split.test)
    return Structure(model, len(split.valid), trial.valid, test, search)


def structure_vectors(model: FittedModel) -> Tensor:
    """Model -> rows `[n, d]` of unit length, zeros of entities with neither link nor description.

    Where the model has learnt from descriptions, their keys stand beside the vectors of the links.
    """
    linked = torch.zeros(len(model.names), 1)
    linked[model.train[:, [0, 2]].ravel().long()] = 1.0
    width, _ = score_function(model.recipe.model).widths(model.recipe.dim)
    rows = F.normalize(model.entities[:, :width], dim=1) * linked
    if not model.is_described:
        return rows
    keys = model.entities[:, width:].chunk(2, dim=1)[1]
    return F.normalize(torch.cat([rows, F.normalize(keys, dim=1)], dim=1), dim=1)
