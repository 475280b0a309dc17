"""The steps of a pass over the triples."""

from __future__ import annotations

from itertools import cycle, islice
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["batches", "candidate_pool"]

# Triples of one pair that stay together: on FB15k-237, 161,000 rows of scores a pass then stand for
# 544,000 triples, where pairs kept whole would need 150,000.
PIECE = 16


def batches(
    train: Tensor, relations: int, size: int, random: torch.Generator, turns: int = 1
) -> Iterator[Tensor]:
    """Triples `[batch, 3]` in random order, some of equal head and relation next to each other.

    Neighbours share a row of scores; but a pair with thousands of tails comes in pieces, so that
    no step is about one pair alone. The first batches come again after the last one until their
    number is a multiple of `turns`: processes that take turns must take as many steps each.
    """
    mixed = torch.randperm(len(train), generator=random)
    pair = (train[:, 0] * relations + train[:, 1])[mixed]
    by_pair = torch.argsort(pair, stable=True)
    piece = _pieces(pair[by_pair])
    position = torch.randperm(int(piece[-1]) + 1, generator=random)
    order = mixed[by_pair[torch.argsort(position[piece], stable=True)]]
    starts = range(0, len(order), size)
    again = -len(starts) % turns
    for start in islice(cycle(starts), len(starts) + again):
        yield train[order[start : start + size]]


def _pieces(pair: Tensor) -> Tensor:
    """Numbers of the pieces that sorted pairs are cut into, at most `PIECE` triples each."""
    _, uses = torch.unique_consecutive(pair, return_counts=True)
    first = torch.repeat_interleave(uses.cumsum(0) - uses, uses)
    within = torch.arange(len(pair)) - first
    return (within % PIECE == 0).cumsum(0) - 1


def candidate_pool(
    batch: Tensor, entities: int, negatives: int | None, random: torch.Generator
) -> Tensor | None:
    """Rows of the step's tails and of `negatives` drawn entities, sorted; None for everyone."""
    if negatives is None or negatives >= entities:
        return None
    drawn = torch.randint(entities, (negatives,), generator=random)
    pool: Tensor = torch.unique(torch.cat([batch[:, 2], drawn]))
    return pool
