"""Pairs of queries and documents -> batches with negatives, and the contrastive loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from kgtransfer.backbones.precision import autocast
from kgtransfer.backbones.text import TokenStates, encode_states
from kgtransfer.retrieval.negatives import mixed_negatives

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kgtransfer.grounding.base import Grounding

__all__ = ["Batch", "Knowledge", "Pairs", "batches", "contrastive_loss", "encode"]

IntArray = npt.NDArray[np.int64]

POOL = 8  # batches whose documents are sorted by length among themselves
SCALE = 20.0  # cosine x 20, as UniXcoder and sentence-transformers train


@dataclass(frozen=True)
class Knowledge:
    """The knowledge of some texts that a model takes as conditions.

    Attributes:
        grounding: of the texts; None where no concept's vector conditions.
        contexts: token states of the texts in their contexts; None where there is no context.
    """

    grounding: Grounding | None = None
    contexts: TokenStates | None = None

    def keywords(self, rows: list[int], device: torch.device) -> dict[str, Any]:
        """The knowledge of some of the texts as keyword arguments of the model."""
        keywords: dict[str, Any] = {}
        if self.grounding is not None:
            keywords["condition"] = self.grounding[rows].to(device)
        if self.contexts is not None:
            keywords["context"] = tuple(part.to(device) for part in self.contexts.batch(rows))
        return keywords


@dataclass(frozen=True)
class Pairs:
    """Documents and, for each, the queries that may ask for it.

    Attributes:
        documents: token states of the documents.
        queries: token states of all queries, those of one document together.
        offsets: document `i` owns queries `offsets[i]` up to `offsets[i + 1]`.
        groups: of each document, such as its module: siblings share one.
    """

    documents: TokenStates
    queries: TokenStates
    offsets: IntArray
    groups: IntArray | None = None

    def kept(self, queries: npt.NDArray[np.bool_]) -> Pairs:
        """The pairs whose queries are kept; documents without any leave.

        Args:
            queries: of each, whether it is kept.
        """
        rows = np.flatnonzero(queries)
        owners = np.repeat(np.arange(len(self.documents)), np.diff(self.offsets))[rows]
        documents, counts = np.unique(owners, return_counts=True)
        return Pairs(
            self.documents.select(documents.tolist()),
            self.queries.select(rows.tolist()),
            np.cumsum([0, *counts]),
            None if self.groups is None else self.groups[documents],
        )


@dataclass(frozen=True)
class Documents:
    """Some documents of a batch, padded to their own longest."""

    rows: tuple[int, ...]
    states: Tensor
    mask: Tensor


@dataclass(frozen=True)
class Batch:
    """Queries, then their documents in the same order, then negatives for all of them."""

    queries: tuple[Tensor, Tensor]
    documents: tuple[Documents, ...]


def encode(model: nn.Module, states: TokenStates, knowledge: Knowledge | None = None) -> Tensor:
    """Token states and what is known of the texts -> unit vectors `[texts, width]`."""
    if knowledge is None:
        return encode_states(model, states)
    device = next(model.parameters()).device
    return encode_states(model, states, keywords=lambda rows: knowledge.keywords(rows, device))


def batches(
    model: nn.Module,
    pairs: Pairs,
    *,
    size: int,
    negatives: float = 0.5,
    seed: int,
    first: Tensor | None = None,
    siblings: bool = False,
) -> Callable[[int], Sequence[Batch]]:
    """Epoch -> batches: one query a document, mined against the model as it then is.

    Args:
        model: the model in training; only read.
        pairs: what to train on.
        size: queries a batch.
        negatives: mined documents a query, added to the in-batch ones; all queries share them.
        seed: the draws depend on it and on the epoch alone.
        first: document vectors of the untrained model, `[documents, width]`, if they are known:
            the first epoch's negatives need not encode the documents then.
        siblings: whether documents of one group stand in one batch, as negatives of each other.
    """

    def batches_of(epoch: int) -> Sequence[Batch]:
        rng = np.random.default_rng((seed, epoch))
        starts, ends = pairs.offsets[:-1], pairs.offsets[1:]
        chosen = rng.integers(starts, ends)
        vectors = first if epoch == 0 else None
        mined = _mined(model, pairs, chosen, rng, vectors) if negatives else None
        extra, device = round(size * negatives), next(model.parameters()).device
        return [
            _batch(pairs, rows, chosen, rows[:0] if mined is None else mined[rows[:extra]], device)
            for rows in (_rows_by_group if siblings else _rows_by_length)(pairs, size, rng)
        ]

    return batches_of


def contrastive_loss(model: nn.Module, batch: Batch) -> Tensor:
    """InfoNCE (arXiv 1807.03748) of queries over the batch's documents; repeats are left out."""
    device = next(model.parameters()).device
    with autocast(device):
        parts = [model(part.states, part.mask) for part in batch.documents]
        queries = model(*batch.queries)
    documents = F.normalize(torch.cat(parts).float(), dim=-1)
    scores = queries.float() @ documents.T * SCALE
    target = torch.arange(len(scores), device=device)
    rows = torch.tensor([row for part in batch.documents for row in part.rows], device=device)
    repeated = rows[None, :] == rows[: len(scores), None]  # [queries, documents]
    repeated[target, target] = False
    return F.cross_entropy(scores.masked_fill(repeated, float("-inf")), target)


def _mined(
    model: nn.Module,
    pairs: Pairs,
    chosen: IntArray,
    rng: np.random.Generator,
    documents: Tensor | None,
) -> IntArray:
    queries = pairs.queries.select(chosen.tolist())
    if documents is None:
        documents = encode(model, pairs.documents)
    scores = (encode(model, queries) @ documents.T).numpy()
    return mixed_negatives(scores, np.arange(len(chosen)), rng)


def _rows_by_length(pairs: Pairs, size: int, rng: np.random.Generator) -> Sequence[IntArray]:
    """Rows in batches of random documents of about equal length, in random order."""
    documents = pairs.documents
    order = rng.permutation(len(documents))
    order = order[: max(size, len(order) - len(order) % size)]
    pools = [order[start : start + POOL * size] for start in range(0, len(order), POOL * size)]
    cut = [
        rows[start : start + size]
        for rows in (sorted(pool, key=lambda row: len(documents.states[row])) for pool in pools)
        for start in range(0, len(rows), size)
    ]
    return [np.array(cut[place]) for place in rng.permutation(len(cut))]


def _rows_by_group(pairs: Pairs, size: int, rng: np.random.Generator) -> Sequence[IntArray]:
    """Rows in batches of siblings, the groups in random order, and so the batches."""
    groups = np.zeros(len(pairs.documents), np.int64) if pairs.groups is None else pairs.groups
    order = rng.permutation(len(groups))
    places = rng.permutation(int(groups.max()) + 1)
    order = order[np.argsort(places[groups[order]], kind="stable")]
    order = order[: max(size, len(order) - len(order) % size)]
    cut = [order[start : start + size] for start in range(0, len(order), size)]
    return [cut[place] for place in rng.permutation(len(cut))]


def _batch(
    pairs: Pairs, rows: IntArray, chosen: IntArray, negatives: IntArray, device: torch.device
) -> Batch:
    states, mask = pairs.queries.batch(chosen[rows].tolist())
    parts = (rows.tolist(), negatives.tolist())
    return Batch(
        queries=(states.to(device), mask.to(device)),
        documents=tuple(_documents(pairs, part, device) for part in parts if part),
    )


def _documents(pairs: Pairs, rows: list[int], device: torch.device) -> Documents:
    states, mask = pairs.documents.batch(rows)
    return Documents(tuple(rows), states.to(device), mask.to(device))
