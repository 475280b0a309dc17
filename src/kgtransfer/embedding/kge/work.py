"""What a pass over the triples costs, foretold: the same number on every machine."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.embedding.kge.batches import PIECE
from kgtransfer.embedding.kge.scores.lookup import score_function
from kgtransfer.embedding.kge.triples import with_reciprocals

if TYPE_CHECKING:
    from kgtransfer.embedding.kge.recipe import TrainingRecipe
    from kgtransfer.embedding.kge.triples import Triples

__all__ = ["epoch_work"]

# CPU-seconds of a step, of a column of a score, of a column of a relation's score, of an updated
# number, and of a column of a triple, fitted to 41 trainings (docs/experiments.md). Only ratios
# matter: work is compared with work.
STEP, SCORE, RELATION, UPDATE, LOOKUP = 2e-3, 5e-11, 3e-10, 3.5e-9, 1.6e-8


def epoch_work(recipe: TrainingRecipe, triples: Triples) -> float:
    """Recipe and triples -> CPU-seconds of an epoch on some machine, foretold from the sizes.

    A budget counted in it buys the same epochs everywhere, which measured time would not.
    """
    links = with_reciprocals(triples.train, len(triples.relations))
    relations, entities = 2 * len(triples.relations), len(triples.entities)
    _, uses = np.unique(links[:, 0] * relations + links[:, 1], return_counts=True)
    questions = int(np.ceil(uses / PIECE).sum())
    candidates = min(entities, recipe.batch_size + (recipe.negatives or entities))
    width, _ = score_function(recipe.model).widths(recipe.dim)
    steps = ceil(len(links) / recipe.batch_size)
    asked = len(links) * relations if recipe.relation_weight else 0
    return (
        STEP * steps
        + SCORE * width * questions * candidates
        + RELATION * width * asked
        + UPDATE * width * steps * (candidates + relations)
        + LOOKUP * width * len(links)
    )
