"""Contrastive training of a search model: batches of queries, their documents and negatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from kgtransfer.backbones.precision import autocast
from kgtransfer.backbones.text import TokenStates, encode_states
from kgtransfer.tasks.negatives import mixed_negatives

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kgtransfer.grounding.base import Grounding

__all__ = ["Batch", "Pairs", "batches", "contrastive_loss", "encode"]

IntArray = npt.NDArray[np.int64]

SCALE = 20.0  # cosine x 20, as UniXcoder and sentence-transformers train


@dataclass(frozen=True)
class Pairs:
    """Documents and, for each, the queries that may ask for it.

    Attributes:
        documents: token states of the documents.
        grounding: of the documents; None where nothing conditions.
        queries: token states of all queries, those of one document together.
        offsets: document `i` owns queries `offsets[i]` up to `offsets[i + 1]`.
    """

    documents: TokenStates
    grounding: Grounding | None
    queries: TokenStates
    offsets: IntArray


@dataclass(frozen=True)
class Batch:
    """Queries, their documents in the same order, and negatives behind those."""

    queries: tuple[Tensor, Tensor]
    documents: tuple[Tensor, Tensor]
    document_rows: Tensor
    condition: Grounding | None


def encode(model: nn.Module, states: TokenStates, grounding: Grounding | None = None) -> Tensor:
    """Unit vectors `[texts, width]` of cached states, conditioned where there is a grounding."""
    if grounding is None:
        return encode_states(model, states)
    device = next(model.parameters()).device
    return encode_states(
        model, states, keywords=lambda rows: {"condition": grounding[rows].to(device)}
    )


def batches(
    model: nn.Module, pairs: Pairs, *, size: int, negatives: float = 0.5, seed: int
) -> Callable[[int], Sequence[Batch]]:
    """Epoch -> batches: one query a document, mined against the model as it then is.

    Args:
        model: the model in training; only read.
        pairs: what to train on.
        size: queries a batch.
        negatives: mined documents a query, added to the in-batch ones; all queries share them.
        seed: the draws depend on it and on the epoch alone.
    """

    def of_epoch(epoch: int) -> Sequence[Batch]:
        rng = np.random.default_rng((seed, epoch))
        starts, ends = pairs.offsets[:-1], pairs.offsets[1:]
        chosen = rng.integers(starts, ends)
        mined = _mined(model, pairs, chosen, rng) if negatives else None
        order = rng.permutation(len(chosen))
        full = len(order) - len(order) % size if len(order) >= size else len(order)
        extra = round(size * negatives)
        return [
            _batch(pairs, order[start : start + size], chosen, mined, extra)
            for start in range(0, full, size)
        ]

    return of_epoch


def contrastive_loss(model: nn.Module, batch: Batch) -> Tensor:
    """InfoNCE (arXiv 1807.03748) of queries over the batch's documents; repeats are left out."""
    device = next(model.parameters()).device
    condition = None if batch.condition is None else batch.condition.to(device)
    with autocast(device):
        documents = model(*(part.to(device) for part in batch.documents), condition=condition)
        queries = model(*(part.to(device) for part in batch.queries))
    scores = queries.float() @ F.normalize(documents.float(), dim=-1).T * SCALE
    target = torch.arange(len(scores), device=device)
    rows = batch.document_rows.to(device)
    repeated = rows[None, :] == rows[: len(scores), None]  # [queries, documents]
    repeated[target, target] = False
    return F.cross_entropy(scores.masked_fill(repeated, float("-inf")), target)


def _mined(model: nn.Module, pairs: Pairs, chosen: IntArray, rng: np.random.Generator) -> IntArray:
    queries = TokenStates(tuple(pairs.queries.states[row] for row in chosen))
    documents = encode(model, pairs.documents, pairs.grounding)
    scores = (encode(model, queries) @ documents.T).numpy()
    return mixed_negatives(scores, np.arange(len(chosen)), rng)


def _batch(
    pairs: Pairs,
    rows: IntArray,
    chosen: IntArray,
    mined: IntArray | None,
    extra: int,
) -> Batch:
    negatives = [] if mined is None else mined[rows[:extra]].tolist()
    documents = [*rows.tolist(), *negatives]
    return Batch(
        queries=pairs.queries.batch(chosen[rows].tolist()),
        documents=pairs.documents.batch(documents),
        document_rows=torch.tensor(documents),
        condition=None if pairs.grounding is None else pairs.grounding[documents],
    )
