"""Pairs of queries and documents -> a fine-tuned encoder; no knowledge enters."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import torch

from kgtransfer.backbones.text import TokenStates
from kgtransfer.retrieval.contrastive import batches, contrastive_loss, encode
from kgtransfer.training.loop import Budget, Group, fit

if TYPE_CHECKING:
    from torch import Tensor, nn

    from kgtransfer.retrieval.contrastive import Pairs
    from kgtransfer.retrieval.settings import SearchTraining

__all__ = ["ZeroShotVectors", "train_encoder"]


def train_encoder(
    encoder: nn.Module,
    pairs: Pairs,
    training: SearchTraining,
    *,
    epochs: int,
    seed: int,
    first: Tensor | None = None,
) -> None:
    """Fine-tune an encoder in place, by InfoNCE over a batch and its mined negatives.

    Args:
        encoder: its parameters are trained.
        pairs: what it learns from.
        training: settings.
        epochs: passes over the pairs.
        seed: of the draws of queries, batches and negatives.
        first: document vectors before any training, `[documents, width]`, if they are known.
    """
    epoch_batches = batches(
        encoder,
        pairs,
        size=training.batch_size,
        negatives=training.negatives,
        seed=seed,
        first=first,
        siblings=training.siblings,
    )
    groups = [Group(list(encoder.parameters()), training.encoder_lr, training.weight_decay)]
    fit(encoder, epoch_batches, contrastive_loss, groups, budget=Budget(epochs))


class ZeroShotVectors:
    """Token states -> their vectors before any training, each text encoded once.

    Args:
        encoder: the pre-trained encoder; it is not changed.
        device: where it computes.
    """

    def __init__(self, encoder: nn.Module, device: str) -> None:
        self.encoder, self.device = encoder, device
        self._vectors: dict[int, tuple[Tensor, Tensor]] = {}  # by id: states and their vector

    def __call__(self, texts: TokenStates) -> Tensor:
        """Unit vectors `[texts, width]`."""
        fresh = [states for states in texts.states if id(states) not in self._vectors]
        if fresh:
            encoder = copy.deepcopy(self.encoder).to(self.device)
            vectors = encode(encoder, TokenStates(tuple(fresh)))
            # The states are kept beside their vector, so that no other tensor takes their id.
            self._vectors |= {id(s): (s, v) for s, v in zip(fresh, vectors, strict=True)}
        return torch.stack([self._vectors[id(states)][1] for states in texts.states])
