"""Training of a text head: triples and descriptions -> which descriptions a relation links."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F

from kgtransfer.embedding.kge.batches import batches, candidate_pool
from kgtransfer.embedding.kge.text_head import TextHead
from kgtransfer.embedding.kge.triples import with_reciprocals

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from kgtransfer.embedding.kge.triples import Triples

__all__ = ["train_text_head"]

BATCH = 1_000
STEPS = 50  # of an epoch at least, which makes the batches of a small graph smaller
NEGATIVES = 3_000
LR = 1e-3
DECAY = 0.5  # of weights, by AdamW, in an epoch of `STEPS` steps: longer ones shrink no more
DROPOUT = 0.25  # share of a description's columns that a step does not see
PATIENCE = 2


def train_text_head(
    triples: Triples,
    features: Tensor,
    *,
    epochs: int,
    irreflexive: Tensor,
    quality: Callable[[TextHead], float] | None,
    seed: int,
    device: torch.device,
    progress: Callable[[str, float], None],
) -> tuple[TextHead, int]:
    """Triples and features -> the text head, on the CPU, and the number of its epochs; by AdamW.

    The loss is the cross-entropy of each triple's tail among the batch's tails and entities drawn
    at random. Each step leaves some columns of all descriptions out and shrinks the weights, so
    that a short text, as a name is, does not come to stand for one entity alone.

    Args:
        triples: what to learn, both directions of it.
        features: `[entities, f]` of what describes the entities.
        epochs: the most passes over the triples.
        irreflexive: `[2 r]`, relations by which no entity is its own answer.
        quality: of a text head, the more the better: the best epoch is kept, and training stops
            when it does not get better. None runs all epochs.
        seed: of the initial values and of the order of the triples.
        device: where to compute.
        progress: told after each epoch.
    """
    count = len(triples.relations)
    train = torch.from_numpy(with_reciprocals(triples.train, count))
    random = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        text_head = TextHead(_mean(features), 2 * count).to(device)
    descriptions = text_head.descriptions(features.to(device))
    size = min(BATCH, -(-len(train) // STEPS))
    decay = DECAY * min(1.0, STEPS * size / len(train))
    optimizer = torch.optim.AdamW(text_head.parameters(), lr=LR, weight_decay=decay)
    best, best_epoch, highest = copy.deepcopy(text_head), 0, -1.0
    for epoch in range(1, epochs + 1):
        for batch in batches(train, 2 * count, size, random):
            pool = candidate_pool(batch, len(features), NEGATIVES, random)
            thinned = _some_columns(descriptions, random)
            loss = _loss(text_head, thinned, batch.to(device), pool, irreflexive)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        snapshot = copy.deepcopy(text_head).cpu()
        value = quality(snapshot) if quality else float(epoch)
        news = f": filtered MRR {value:.3f}" if quality else ""
        progress(f"descriptions, epoch {epoch}{news}", epoch / epochs)
        if value > highest:
            best, best_epoch, highest = snapshot, epoch, value
        if epoch - best_epoch >= PATIENCE:
            break
    return best.cpu(), best_epoch


def _loss(
    text_head: TextHead,
    descriptions: Tensor,
    batch: Tensor,
    pool: Tensor | None,
    irreflexive: Tensor,
) -> Tensor:
    head, relation, tail = batch.T.contiguous()
    pool = torch.arange(len(descriptions)) if pool is None else pool
    pool, irreflexive = pool.to(batch.device), irreflexive.to(batch.device)
    queries = text_head.queries(descriptions[head], text_head.relations[relation])
    scores = queries @ text_head.keys(descriptions[pool]).T
    loops = (pool == head[:, None]) & irreflexive[relation][:, None]
    scores = scores.masked_fill(loops, -torch.inf)
    return F.cross_entropy(scores, torch.searchsorted(pool, tail))


def _some_columns(descriptions: Tensor, random: torch.Generator) -> Tensor:
    """Descriptions -> the same of unit length, some of their columns left out of all."""
    mask = torch.rand(descriptions.shape[1], generator=random) >= DROPOUT
    return F.normalize(descriptions * mask.to(descriptions.device), dim=1)


def _mean(features: Tensor) -> Tensor:
    """Mean `[f]` over the entities that are described at all."""
    described = features[features.any(dim=1)]
    return described.mean(dim=0) if len(described) else torch.zeros(features.shape[1])
