"""A model before its training: what is asked for is checked, and initial values are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from kgtransfer.embedding.kge.entities import FreeRows
from kgtransfer.embedding.kge.model import LinkModel
from kgtransfer.embedding.kge.scores.lookup import score_function
from kgtransfer.embedding.kge.triples import irreflexive, with_reciprocals
from kgtransfer.errors import ConfigError, DataError

if TYPE_CHECKING:
    from kgtransfer.embedding.kge.entities import EntityRows
    from kgtransfer.embedding.kge.recipe import TrainingRecipe
    from kgtransfer.embedding.kge.scores import ScoreFunction
    from kgtransfer.embedding.kge.triples import Triples

__all__ = ["initial_model", "updates_few_rows"]

# Entities of a graph for each one that a step touches: with fewer, dense gradients are as fast.
SPARSE_BELOW = 8


def initial_model(
    triples: Triples, recipe: TrainingRecipe, *, seed: int, sparse: bool
) -> LinkModel:
    """The model that a recipe asks for.

    Args:
        triples: what is to be learnt; an encoder passes messages along the training triples.
        recipe: settings.
        seed: of the initial values.
        sparse: whether the rows of entities get sparse gradients.

    Raises:
        ConfigError, DataError: as `Learner`.
    """
    score = _checked(triples, recipe)
    random = torch.Generator().manual_seed(seed)
    sizes = len(triples.entities), 2 * len(triples.relations)
    rows, relations = (
        torch.randn(size, width, generator=random).mul_(recipe.init)
        for size, width in zip(sizes, score.widths(recipe.dim), strict=True)
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        entities: EntityRows = FreeRows(rows, sparse=sparse)
        if recipe.layers:
            entities = _encoded(entities, triples, recipe, width=rows.shape[1])
    return LinkModel(
        score,
        entities,
        relations,
        n3=recipe.n3,
        relation_weight=recipe.relation_weight,
        irreflexive=irreflexive(triples) if recipe.no_loops else None,
    )


def updates_few_rows(recipe: TrainingRecipe, entities: int) -> bool:
    """Whether a step touches so few entities that sparse gradients cost less than dense ones.

    Adagrad leaves a row without a gradient as it is, so the result is the same.
    """
    if recipe.layers:  # messages come from everywhere
        return False
    touched = 2 * recipe.batch_size + (recipe.negatives or entities)
    return SPARSE_BELOW * touched <= entities


def _checked(triples: Triples, recipe: TrainingRecipe) -> ScoreFunction:
    score = score_function(recipe.model)
    if not len(triples.train):
        raise DataError(
            "there are no links to train on",
            cure="link concepts to each other, or read their text alone (--model none)",
        )
    return score


def _encoded(
    entities: EntityRows, triples: Triples, recipe: TrainingRecipe, width: int
) -> EntityRows:
    try:
        from kgtransfer.embedding.kge.encoder import EncodedRows
    except ModuleNotFoundError as missing:
        raise ConfigError(
            f"layers of a graph encoder need torch-geometric, and {missing.name} is missing",
            cure='pip install "kgtransfer[graph]", or ask for 0 layers',
        ) from missing
    count = len(triples.relations)
    return EncodedRows(
        entities,
        torch.from_numpy(with_reciprocals(triples.train, count)),
        relations=2 * count,
        width=width,
        layers=recipe.layers,
        dropout=recipe.edge_dropout,
    )
