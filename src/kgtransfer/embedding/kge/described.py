"""A trained embedding and a text head with their scores added: links from structure and texts.

Each is trained by itself, so that neither explains away what the other has to learn; their scores
are added, with a weight that validation triples choose. Descriptions that do not help get 0.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from kgtransfer.embedding.kge.evaluate import filtered_ranks, ranking_metrics
from kgtransfer.embedding.kge.fitted import TEXT_HEAD
from kgtransfer.embedding.kge.text_head import TextHeadScore
from kgtransfer.embedding.kge.text_head_training import train_text_head

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from kgtransfer.embedding.kge.evaluate import Ranking
    from kgtransfer.embedding.kge.fitted import FittedModel
    from kgtransfer.embedding.kge.text_head import TextHead
    from kgtransfer.embedding.kge.triples import Rows

__all__ = ["learn_described", "with_text_head"]

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
    """Embedding and features -> the embedding with a text head trained on its triples.

    Args:
        structure: the embedding; its recipe says for how many epochs the text head learns at most,
            and its weight where there are no validation triples.
        features: `[entities, f]` of what describes the entities.
        ranking: ranks among the entities.
        sample: validation triples, which choose epoch and weight.
        seed: of the text head's initial values and of the order of the triples.
        progress: told after each epoch.
    """

    def mrr_alone(text_head: TextHead) -> float:
        ranks = filtered_ranks(
            TextHeadScore(text_head),
            text_head.rows(features),
            text_head.relations,
            sample,
            ranking.true_triples,
            irreflexive=structure.irreflexive,
        )
        return ranking_metrics(ranks)["mrr"]

    text_head, epochs = train_text_head(
        ranking.triples,
        features,
        epochs=structure.recipe.text_epochs,
        irreflexive=structure.irreflexive,
        quality=mrr_alone if len(sample) else None,
        seed=seed,
        device=ranking.device,
        progress=progress,
    )
    recipe = replace(structure.recipe, text_epochs=epochs)
    structure = replace(structure, recipe=recipe)
    rows = text_head.rows(features)
    if not len(sample):
        return with_text_head(structure, text_head, rows, recipe.text_weight)
    metrics = {
        weight: ranking.metrics(with_text_head(structure, text_head, rows, weight), sample)
        for weight in WEIGHTS
    }
    best = max(metrics, key=lambda weight: metrics[weight]["mrr"])
    return replace(with_text_head(structure, text_head, rows, best), valid=metrics[best])


@torch.no_grad()
def with_text_head(
    structure: FittedModel, text_head: TextHead, rows: Tensor, weight: float
) -> FittedModel:
    """Embedding and text head -> one model, descriptions and keys beside the rows of its entities.

    Args:
        structure: an embedding without a text head.
        text_head: trained for the same relations.
        rows: `[entities, 2 f]`, the text head's, of what describes the entities.
        weight: of the text head's score.
    """
    state = {f"{TEXT_HEAD}{name}": value.clone() for name, value in text_head.state_dict().items()}
    descriptions, keys = rows.chunk(2, dim=1)
    return replace(
        structure,
        recipe=replace(structure.recipe, text_weight=weight),
        entities=torch.cat([structure.entities, descriptions, weight * keys], dim=1),
        relations=torch.cat([structure.relations, text_head.relations], dim=1),
        weights={**structure.weights, **state},
    )
