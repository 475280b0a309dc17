"""A trained embedding together with a tower that tells links from descriptions.

Each is trained by itself, so that neither explains away what the other has to learn; their scores
are added, with a weight that validation triples choose. Descriptions that do not help get 0.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from kgtransfer.embedding.kge.evaluate import filtered_ranks, ranking_metrics
from kgtransfer.embedding.kge.fitted import TOWER
from kgtransfer.embedding.kge.text_head import TowerScore
from kgtransfer.embedding.kge.text_head_training import learn_tower

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from kgtransfer.embedding.kge.evaluate import Ranking
    from kgtransfer.embedding.kge.fitted import FittedModel
    from kgtransfer.embedding.kge.text_head import TextHead
    from kgtransfer.embedding.kge.triples import Rows

__all__ = ["learn_described", "with_tower"]

WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)


def learn_described(
    structure: FittedModel,
    features: Tensor,
    ranking: Ranking,
    sample: Rows,
    *,
    seed: int,
    progress: Callable[[str, float], None],
) -> FittedModel:
    """Train a tower on the triples of a trained embedding, and add it.

    Args:
        structure: the embedding; its recipe says for how many epochs the tower learns at most,
            and its weight where there are no validation triples.
        features: `[entities, f]` of what describes the entities.
        ranking: ranks among the entities.
        sample: validation triples, which choose epoch and weight.
        seed: of the tower's initial values and of the order of the triples.
        progress: told after each epoch.
    """

    def alone(tower: TextHead) -> float:
        ranks = filtered_ranks(
            TowerScore(tower),
            tower.rows(features),
            tower.relations,
            sample,
            ranking.known,
            irreflexive=structure.irreflexive,
        )
        return ranking_metrics(ranks)["mrr"]

    tower, epochs = learn_tower(
        ranking.triples,
        features,
        epochs=structure.recipe.text_epochs,
        irreflexive=structure.irreflexive,
        quality=alone if len(sample) else None,
        seed=seed,
        device=ranking.device,
        progress=progress,
    )
    recipe = replace(structure.recipe, text_epochs=epochs)
    structure = replace(structure, recipe=recipe)
    rows = tower.rows(features)
    if not len(sample):
        return with_tower(structure, tower, rows, recipe.text_weight)
    found = {
        weight: ranking.metrics(with_tower(structure, tower, rows, weight), sample)
        for weight in WEIGHTS
    }
    best = max(found, key=lambda weight: found[weight]["mrr"])
    return replace(with_tower(structure, tower, rows, best), valid=found[best])


@torch.no_grad()
def with_tower(structure: FittedModel, tower: TextHead, rows: Tensor, weight: float) -> FittedModel:
    """The embedding with a tower's descriptions and keys beside the rows of its entities.

    Args:
        structure: an embedding without a tower.
        tower: trained for the same relations.
        rows: `[entities, 2 f]`, the tower's, of what describes the entities.
        weight: of the tower's score.
    """
    state = {f"{TOWER}{name}": value.clone() for name, value in tower.state_dict().items()}
    descriptions, keys = rows.chunk(2, dim=1)
    return replace(
        structure,
        recipe=replace(structure.recipe, text_weight=weight),
        entities=torch.cat([structure.entities, descriptions, weight * keys], dim=1),
        relations=torch.cat([structure.relations, tower.relations], dim=1),
        weights={**structure.weights, **state},
    )
