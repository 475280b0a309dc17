"""How a knowledge-graph embedding is trained, and what suits a size of graph."""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from kgtransfer.embedding.kge.scores.lookup import score_name

if TYPE_CHECKING:
    from kgtransfer.embedding.kge.scores.lookup import ScoreLike

__all__ = ["DIM", "TrainingRecipe", "recipe_for"]

DIM = 128
"""Factors of a vector, where nothing else is asked for."""


@dataclass(frozen=True)
class TrainingRecipe:
    """Settings of a training.

    Args:
        model: the score function: a key of `kgtransfer.embedding.kge.scores.SCORES`, or an
            instance or class of the user's.
        dim: factors of a vector; complex factors are two columns wide.
        epochs: the most passes over the training triples.
        batch_size: triples of one step, both directions counted.
        lr: learning rate of Adagrad.
        n3: weight of the nuclear 3-norm (Lacroix et al., ICML 2018).
        relation_weight: weight of the question for the relation beside that for the tail (Chen
            et al., AKBC 2021).
        negatives: entities drawn anew at each step to stand for all of them in the softmax,
            beside the tails of the step; None takes all, which costs more on a large graph.
        init: standard deviation of the initial values.
        no_loops: a relation that never links an entity to itself in training never does: the
            entity itself is no candidate then. Without it, the nearest neighbour of a symmetric
            relation is the entity itself.
        text_epochs: the most passes in which links are learnt from descriptions, where there are
            some.
        text_weight: of the descriptions' score beside that of the vectors, where no validation
            triples can choose it.
        layers: of message passing from neighbours to entities; 0 leaves the encoder out.
        edge_dropout: share of the links that carry no message in a step.
        cooldown: epochs at a fifth of the learning rate, from the best state on; kept if they gain.
        validate_every: epochs from one validation to the next.
        validate_most: triples of a validation, drawn once; the metrics of the epoch that is kept
            are those of all.
        patience: validations without gain after which training stops.
    """

    model: ScoreLike = "complex"
    dim: int = DIM
    epochs: int = 50
    batch_size: int = 1_000
    lr: float = 0.1
    n3: float = 0.05
    relation_weight: float = 0.0
    negatives: int | None = None
    init: float = 1e-3
    no_loops: bool = True
    text_epochs: int = 20
    text_weight: float = 1.0
    layers: int = 0
    edge_dropout: float = 0.5
    cooldown: int = 2
    validate_every: int = 1
    validate_most: int = 3_000
    patience: int = 3

    def settings(self) -> dict[str, Any]:
        """The settings by name, for a file: the score function by its name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return values | {"model": score_name(self.model)}


# Up to so many links -> what suits, chosen on validation triples: small ones as UMLS and Kinships
# like it, those in the middle as WN18RR, large ones as FB15k-237.
RECIPES = (
    (15_000, TrainingRecipe(epochs=60, batch_size=100, n3=0.02, relation_weight=1.0, patience=5)),
    (100_000, TrainingRecipe(epochs=40, batch_size=500, n3=0.1, negatives=4_000, patience=3)),
    (sys.maxsize, TrainingRecipe(epochs=30, n3=0.05, patience=5)),
)

# For a wait of some 20 seconds on one core, where the quality of links is not what counts.
QUICK = TrainingRecipe(epochs=5, batch_size=500, n3=0.01, negatives=1_000, patience=5)


def recipe_for(
    links: int, model: ScoreLike = "complex", dim: int = DIM, *, quick: bool = False
) -> TrainingRecipe:
    """Number of training links -> the recipe that suits; a small graph is learnt quickly anyway."""
    usual = next(recipe for limit, recipe in RECIPES if links <= limit)
    hurried = quick and links > RECIPES[0][0]
    return replace(QUICK if hurried else usual, model=model, dim=dim)
