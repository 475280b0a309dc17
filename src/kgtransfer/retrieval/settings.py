"""Settings by which a retrieval model is fine-tuned."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SearchTraining"]


@dataclass(frozen=True)
class SearchTraining:
    """Settings of fine-tuning, the same for every arm; chosen on development queries only.

    Attributes:
        epochs: passes over the unlabelled documents.
        label_epochs: passes over labelled pairs, where an encoder trains on them.
        adaptation: unlabelled documents to adapt the encoder and the gates on.
        batch_size: queries a batch.
        negatives: mined documents a query, beside the in-batch ones.
        siblings: whether code of one module (or database) stands in one batch.
        round_trip: queries by rule whose own document the encoder ranks lower before training are
            left out; 0: none.
        encoder_lr: of the trained layers of the encoder.
        gate_steps: steps over all adaptation documents in which gates learn, the encoder frozen.
        context_lr: of the context gate.
        gate_lr: of the relation gates where they are the only gates.
        gate_lr_beside_context: of the relation gates beside a context gate: what the context says
            has come in already, and faster gates learn the queries' wording.
        projection_lr: of the projection of concept vectors to the encoder's width.
        weight_decay: of the encoder.
    """

    epochs: int = 1
    label_epochs: int = 4
    adaptation: int = 1024
    batch_size: int = 32
    negatives: float = 0.25
    siblings: bool = False
    round_trip: int = 0
    encoder_lr: float = 1e-4
    gate_steps: int = 200
    context_lr: float = 2e-2
    gate_lr: float = 2e-2
    gate_lr_beside_context: float = 5e-4
    projection_lr: float = 1e-3
    weight_decay: float = 0.01
