"""Settings to try beside a recipe."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch

from kgtransfer.embedding.kge.scores.lookup import score_function

if TYPE_CHECKING:
    from kgtransfer.embedding.kge.recipe import TrainingRecipe

__all__ = ["coarse_candidates", "fine_candidates"]

# N3 as a multiple of the recipe's, and whether the question for the relation is asked where the
# recipe does not, and not asked where it does; what matters most comes first.
CHANGES = (
    *((1 / 5, False), (1, True), (5, False), (1 / 5, True)),
    *((1 / 20, False), (1 / 20, True), (5, True)),
)
QUESTION = 0.25  # weight of the question for the relation where the recipe does not ask it


def coarse_candidates(recipe: TrainingRecipe) -> list[TrainingRecipe]:
    """Recipe -> N3 of other orders of magnitude, with relation prediction and without.

    A score function that has no question for the relation is tried without.
    """
    other = 0.0 if recipe.relation_weight or not _asks_for_relations(recipe) else QUESTION
    return [
        replace(
            recipe,
            n3=_rounded(factor * recipe.n3),
            relation_weight=other if changed else recipe.relation_weight,
        )
        for factor, changed in CHANGES
    ]


def fine_candidates(best: TrainingRecipe, *, entities: int, rank: bool) -> list[TrainingRecipe]:
    """The best settings so far -> their neighbours, each of them with another value of one.

    Args:
        best: the settings.
        entities: of the graph; where not all are candidates of a step, they are made so.
        rank: whether the number of factors may change.
    """
    batch = best.batch_size
    changes: list[dict[str, Any]] = [
        {"n3": _rounded(best.n3 / 2)},
        {"n3": _rounded(best.n3 * 2)},
        {"batch_size": 5 * batch if batch < 500 else batch // 5},
    ]
    changes += [{"dim": 2 * best.dim}] if rank else []
    some = best.negatives is not None and best.negatives + best.batch_size < entities
    changes += [{"negatives": None}] if some else []
    changes += [{"relation_weight": best.relation_weight / 4}] if best.relation_weight else []
    return [replace(best, **change) for change in changes]


def _asks_for_relations(recipe: TrainingRecipe) -> bool:
    score = score_function(recipe.model)
    rows = torch.zeros(1, score.widths(recipe.dim)[0])
    return score.relation_queries(score.heads(rows), score.keys(rows)) is not None


def _rounded(number: float) -> float:
    """Two significant digits: 0.1 / 20 is 0.005."""
    return float(f"{number:.2g}")
