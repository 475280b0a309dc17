"""The link-prediction model: vectors of entities and relations, and their loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from kgtransfer.embedding.kge.softmax import Answers, dot_cross_entropy, score_cross_entropy

if TYPE_CHECKING:
    from kgtransfer.embedding.kge.entities import EntityRows
    from kgtransfer.embedding.kge.scores import ScoreFunction

__all__ = ["LinkModel"]


# A likelihood beyond it is taken for it: one wrong fact must not outweigh everything.
SURE = 0.999


class LinkModel(nn.Module):
    """Softmax cross-entropy of the tail and of the relation, with a weighted nuclear 3-norm.

    Args:
        score: the score function.
        entities: gives the vectors of entities.
        relations: initial rows `[2 r, d]`, the reciprocal relations in the second half.
        n3: weight of the norm.
        relation_weight: weight of the question for the relation.
        irreflexive: `[2 r]`, relations that never link an entity to itself.
    """

    irreflexive: Tensor

    def __init__(
        self,
        score: ScoreFunction,
        entities: EntityRows,
        relations: Tensor,
        *,
        n3: float = 0.0,
        relation_weight: float = 0.0,
        irreflexive: Tensor | None = None,
    ) -> None:
        super().__init__()
        self.score = score
        self.entities = entities
        self.relations = nn.Parameter(relations)
        none = torch.zeros(len(relations), dtype=torch.bool)
        self.register_buffer("irreflexive", none if irreflexive is None else irreflexive)
        self.n3 = n3
        self.relation_weight = relation_weight

    def forward(self, batch: Tensor, pool: Tensor | None = None) -> Tensor:
        """Mean loss of triples `[batch, 3]`; those of equal head and relation are neighbours.

        Such triples share one row of scores; the loss is that of a row each. The norm is the
        summed cubed moduli of head, relation and tail, so that an entity is shrunk as often as it
        is used (Lacroix et al., ICML 2018). The question for the relation is put to all of them
        (Chen et al., AKBC 2021).

        Args:
            batch: rows of head, relation and tail.
            pool: rows of the candidates, sorted, every tail of the batch among them; None for all.
        """
        head, relation, tail = batch.T.contiguous()
        pair, row, uses = torch.unique_consecutive(
            head * len(self.relations) + relation, return_inverse=True, return_counts=True
        )
        subject = pair.div(len(self.relations), rounding_mode="floor")
        links = F.embedding(pair.remainder(len(self.relations)), self.relations)
        heads, candidates = self._vectors(subject, pool)
        heads, keys = self.score.heads(heads), self.score.keys(candidates)
        place = tail if pool is None else torch.searchsorted(pool, tail)
        tails = F.embedding(place, keys)
        queries = self.score.queries(heads, links)
        barred = self._barred(subject, pair.remainder(len(self.relations)), pool)
        loss = self._tail_loss(queries, keys, Answers(row, place, uses, barred))
        if self.n3:
            norm = (uses * (self._cubes(heads) + self._cubes(links))).sum()
            loss = loss + self.n3 * (norm + self._cubes(tails).sum()) / len(batch)
        pairs = self.score.relation_queries(heads[row], tails) if self.relation_weight else None
        if pairs is not None:
            logits = pairs @ self.relations.T
            loss = loss + self.relation_weight * F.cross_entropy(logits, relation)
        return loss

    def unlikelihood(self, triples: Tensor, pool: Tensor | None = None) -> Tensor:
        """Mean of `-log(1 - p)` over triples `[k, 3]` that do not hold (Welleck et al., ICLR 2020).

        Args:
            triples: rows of head, relation and tail.
            pool: as of `forward`.
        """
        head, relation, tail = triples.T.contiguous()
        heads, candidates = self._vectors(head, pool)
        links = F.embedding(relation, self.relations)
        queries = self.score.queries(self.score.heads(heads), links)
        scores = self.score.compare(queries, self.score.keys(candidates))
        place = tail if pool is None else torch.searchsorted(pool, tail)
        likelihood = scores.softmax(dim=1).gather(1, place[:, None])
        return -torch.log1p(-likelihood.clamp_max(SURE)).mean()

    def _vectors(self, heads: Tensor, pool: Tensor | None) -> tuple[Tensor, Tensor]:
        """Vectors of the heads and of the candidates; of no entity that is neither."""
        if pool is None:
            vectors = self.entities()
            return F.embedding(heads, vectors), vectors
        entities = torch.unique(torch.cat([heads, pool]))
        vectors = self.entities(entities)
        places = (torch.searchsorted(entities, rows) for rows in (heads, pool))
        head_vectors, candidates = (F.embedding(place, vectors) for place in places)
        return head_vectors, candidates

    def _barred(self, head: Tensor, relation: Tensor, pool: Tensor | None) -> Tensor:
        """The head's place among the candidates where the relation is irreflexive; else -1."""
        place = head
        if pool is not None:
            place = torch.searchsorted(pool, head).clamp_max(len(pool) - 1)
            place = torch.where(pool[place] == head, place, -1)
        return torch.where(self.irreflexive[relation], place, -1)

    def _tail_loss(self, queries: Tensor, keys: Tensor, answers: Answers) -> Tensor:
        if self.score.bilinear:
            return dot_cross_entropy(queries, keys, answers)
        return score_cross_entropy(self.score.compare(queries, keys), answers)

    def _cubes(self, vectors: Tensor) -> Tensor:
        """Sum over factors of the cubed modulus, `[rows, d]` -> `[rows]`."""
        squares = vectors.reshape(len(vectors), self.score.components, -1).square().sum(1)
        cubes: Tensor = squares * (squares + 1e-12).sqrt()
        return cubes.sum(1)
