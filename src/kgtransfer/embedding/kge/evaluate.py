"""Filtered ranking of held-out triples, both sides, with realistic ranks for ties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from kgtransfer.embedding.kge.products import dot_products
from kgtransfer.embedding.kge.softmax import bar
from kgtransfer.embedding.kge.triples import FilterIndex, Rows, drawn, with_reciprocals
from kgtransfer.errors import RunError

if TYPE_CHECKING:
    from kgtransfer.embedding.kge.fitted import FittedModel
    from kgtransfer.embedding.kge.scores import Score
    from kgtransfer.embedding.kge.triples import Triples

__all__ = ["DivergedError", "Ranking", "filtered_ranks", "ranking_metrics"]

HITS = (1, 3, 10)


class DivergedError(RunError):
    """The vectors of an embedding are not finite."""


class Ranking:
    """Ranks triples against everything that a set of triples says to be true.

    Args:
        triples: their train, valid and test are the filter.
        device: where to compute.
    """

    def __init__(self, triples: Triples, device: str | torch.device = "cpu") -> None:
        self.triples, self.device = triples, torch.device(device)
        width = 2 * len(triples.relations)
        self.true_triples = FilterIndex.build(with_reciprocals(triples.all, width // 2), width)

    def metrics(self, fitted: FittedModel, triples: Rows) -> dict[str, float]:
        """Filtered metrics of `[m, 3]` triples; none of no triples."""
        if not len(triples):
            return {}
        entities, relations = fitted.entities.to(self.device), fitted.relations.to(self.device)
        barred = fitted.irreflexive.to(self.device)
        ranks = filtered_ranks(
            fitted.score, entities, relations, triples, self.true_triples, irreflexive=barred
        )
        return ranking_metrics(ranks)

    def sample(self, most: int, seed: int) -> Rows:
        """At most so many validation triples, drawn by the seed."""
        return drawn(self.triples.valid, most, seed)


@torch.inference_mode()
def filtered_ranks(
    score: Score,
    entities: Tensor,
    relations: Tensor,
    triples: Rows,
    true_triples: FilterIndex,
    *,
    irreflexive: Tensor | None = None,
    batch_size: int = 256,
) -> Tensor:
    """Triples -> rank of each one's tail, then of each one's head, `[2 triples]` in float64.

    Other true answers are left out of the ranking (Bordes et al., NeurIPS 2013). Ties count
    half: the rank is the mean of the optimistic and the pessimistic one, the "realistic" rank
    of Berrendorf et al. (arXiv 2002.06914), so a constant score gains nothing.

    Args:
        score: the score function.
        entities: `[n, d]` vectors.
        relations: `[2 r, d]` vectors, the reciprocal relations in the second half.
        triples: `[m, 3]` rows to rank.
        true_triples: the index of all true triples with their reciprocals.
        irreflexive: `[2 r]`, relations by which the model takes no entity to be linked to itself:
            such an answer has the score minus infinity.
        batch_size: score rows computed at once.

    Raises:
        DivergedError: a vector is not finite, as after a training that diverged.
    """
    if not (entities.isfinite().all() and relations.isfinite().all()):
        raise DivergedError("the embedding has values that are not finite", cure="lower its lr")
    questions = with_reciprocals(triples, len(relations) // 2)
    keys = score.keys(entities).contiguous()
    block = entities.new_empty(min(batch_size, len(questions)), len(keys))
    compared = torch.empty_like(block, dtype=torch.float32)
    ranks = torch.empty(len(questions), dtype=torch.float64)
    for start in range(0, len(questions), batch_size):
        batch = questions[start : start + batch_size]
        heads, relation, tails = (_on(column, entities) for column in batch.T)
        queries = score.queries(score.heads(entities[heads]), relations[relation])
        if score.bilinear:
            scores = dot_products(queries, keys, block[: len(batch)])
        else:
            scores = score.compare(queries, keys)
        if irreflexive is not None:
            bar(scores, torch.where(irreflexive[relation], heads, -1))
        filters = true_triples.lookup(batch[:, 0], batch[:, 1])
        ranks[start : start + batch_size] = _ranks(scores, tails, filters, compared[: len(batch)])
    return ranks


def ranking_metrics(ranks: Tensor) -> dict[str, float]:
    """MRR and Hits@1, @3, @10 of `[queries]` ranks that start at 1; NaN of no ranks."""
    metrics = {"mrr": ranks.reciprocal().mean().item()}
    return metrics | {f"hits@{k}": (ranks <= k).double().mean().item() for k in HITS}


def _ranks(scores: Tensor, tails: Tensor, filters: tuple[Rows, Rows], compared: Tensor) -> Tensor:
    """Ranks `[batch]` of the tails among scores `[batch, n]`.

    Comparisons go to `compared`, as float32: such ones are summed several times as fast as
    booleans, and exactly up to 2^24 entities.
    """
    target = scores.gather(1, tails[:, None])
    above = torch.gt(scores, target, out=compared).sum(1).double()
    level = torch.eq(scores, target, out=compared).sum(1).double()  # itself too
    query, other = (_on(rows, scores) for rows in filters)
    competes = other != tails[query]  # the answer itself stays in the ranking
    query, other = query[competes], other[competes]
    filtered, answer = scores[query, other], target[query, 0]
    above = above.index_add(0, query, (filtered > answer).double(), alpha=-1)
    level = level.index_add(0, query, (filtered == answer).double(), alpha=-1)
    return (1 + above + (level - 1) / 2).cpu()


def _on(rows: Rows, like: Tensor) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(rows)).to(like.device)
