"""The steps of a pass over the triples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["batches", "candidate_pool"]


def batches(
    train: Tensor, relations: int, size: int, random: torch.Generator, turns: int = 1
) -> Iterator[Tensor]:
    """Triples `[batch, 3]` in random order, those of equal head and relation next to each other.

    Of the last batches so many are left out that their number is a multiple of `turns`.
    """
    _, group = torch.unique(train[:, 0] * relations + train[:, 1], return_inverse=True)
    place = torch.randperm(int(group.max()) + 1, generator=random)
    order = torch.argsort(place[group], stable=True)
    whole = len(range(0, len(order), size)) // turns * turns
    for start in range(0, whole * size, size):
        yield train[order[start : start + size]]


def candidate_pool(
    batch: Tensor, entities: int, negatives: int | None, random: torch.Generator
) -> Tensor | None:
    """Rows of the step's tails and of `negatives` drawn entities, sorted; None for everyone."""
    if negatives is None or negatives >= entities:
        return None
    drawn = torch.randint(entities, (negatives,), generator=random)
    pool: Tensor = torch.unique(torch.cat([batch[:, 2], drawn]))
    return pool
