"""The arms of code search, as data, and the settings that they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["LEARNED", "SearchArm", "SearchRecipe"]

LEARNED = "learned"


@dataclass(frozen=True)
class SearchArm:
    """One way to adapt an encoder to a code base.

    Attributes:
        train_on: synthetic queries by rule from the `code` or the `graph`, human `labels`, or
            nothing (empty).
        labels: how many labelled pairs, where it trains on them.
        taught_by: synthetic queries by rule from the `code` or the `graph` that teach the gates,
            once the encoder is trained and frozen; empty where no gate is learned.
        reading: how far a document is read in its context: `learned`, or a fixed value of the
            reading gate; 0 where code is read bare.
        gates: relation gates: `learned`, or fixed values by relation; empty where no concept's
            vector conditions.
        concepts: the `true` ones, their words and vectors `shuffled` within their type (the
            placebo), or `random` vectors.
        parts: which columns of the concept embeddings condition.
        lexical: rank by BM25 instead of by an encoder.
    """

    name: str
    train_on: str = ""
    labels: int = 0
    taught_by: str = ""
    reading: str | float = 0.0
    gates: str | Mapping[str, float] = field(default_factory=dict)
    concepts: str = "true"
    parts: tuple[str, ...] = ("text",)
    lexical: bool = False

    @property
    def is_seeded(self) -> bool:
        """Whether seeds make a difference: only where something is trained or drawn."""
        return bool(self.train_on or self.taught_by) or self.concepts != "true"


@dataclass(frozen=True)
class SearchRecipe:
    """Settings of fine-tuning, the same for every arm; chosen on development queries only.

    Attributes:
        gate_steps: steps over all adaptation functions in which gates learn, the encoder frozen.
        reading_lr: of the reading gate.
        gate_lr: of the relation gates where they are the only door.
        gate_lr_beside_reading: of the relation gates of an arm that reads in context: what class
            and module say has come in already; faster gates learn the queries' wording.
    """

    epochs: int = 1
    label_epochs: int = 4
    adaptation: int = 1024
    batch_size: int = 32
    negatives: float = 0.25
    encoder_lr: float = 1e-4
    gate_steps: int = 200
    reading_lr: float = 2e-2
    gate_lr: float = 2e-2
    gate_lr_beside_reading: float = 5e-4
    projection_lr: float = 1e-3
    weight_decay: float = 0.01
