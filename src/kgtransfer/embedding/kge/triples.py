"""Knowledge graphs as integer triples, their splits, and the index of what is known to be true."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

if TYPE_CHECKING:
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = [
    "FilterIndex",
    "Rows",
    "Triples",
    "drawn",
    "graph_triples",
    "irreflexive",
    "with_reciprocals",
]

Rows: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Triples:
    """Links between entities as rows of `entities` and `relations`.

    Entities that only valid or test mention keep their rows: ranking against fewer candidates
    would flatter the metric.

    Args:
        entities: names of the rows, IRIs for an ontology.
        relations: names of the relation rows.
        train, valid, test: `[links, 3]`, columns head, relation, tail.
    """

    entities: tuple[str, ...]
    relations: tuple[str, ...]
    train: Rows
    valid: Rows
    test: Rows

    @property
    def all(self) -> Rows:
        """Every triple of the three splits, `[links, 3]`."""
        return np.concatenate([self.train, self.valid, self.test])

    @cached_property
    def digest(self) -> str:
        """SHA-256 of names and splits, in hexadecimal."""
        content = hashlib.sha256("\n".join([*self.entities, "", *self.relations]).encode())
        for split in (self.train, self.valid, self.test):
            content.update(len(split).to_bytes(8, "little") + np.ascontiguousarray(split).tobytes())
        return content.hexdigest()

    def hold_out(
        self,
        fraction: float = 0.05,
        *,
        most: int = 2_000,
        seed: int = 0,
        to: Literal["valid", "test"] = "valid",
    ) -> Triples:
        """The same triples with some of train moved to valid, or to test, drawn by the seed.

        Only triples are moved whose head, tail and relation stay in train, so that each held-out
        triple can be answered from what is left; a graph that has none keeps its train as it is.
        """
        count = min(most, round(fraction * len(self.train)))
        degree = np.bincount(self.train[:, [0, 2]].ravel(), minlength=len(self.entities))
        uses = np.bincount(self.train[:, 1], minlength=len(self.relations))
        held_out: list[int] = []
        for row in np.random.default_rng(seed).permutation(len(self.train)):
            if len(held_out) == count:
                break
            head, relation, tail = self.train[row]
            spare = min(degree[head], degree[tail]) - (2 if head == tail else 1)
            if spare > 0 and uses[relation] > 1:
                degree[head] -= 1
                degree[tail] -= 1
                uses[relation] -= 1
                held_out.append(int(row))
        train, moved = np.delete(self.train, held_out, axis=0), self.train[held_out]
        if to == "test":
            return replace(self, train=train, test=np.concatenate([self.test, moved]))
        return replace(self, train=train, valid=np.concatenate([self.valid, moved]))


@dataclass(frozen=True, eq=False)
class FilterIndex:
    """The known tails of each (head, relation), in compressed sparse rows.

    Args:
        width: number of relations, reciprocal ones included.
        keys: `head * width + relation` of the pairs that have a tail, sorted.
        offsets: `[pairs + 1]`, where each pair's tails begin and end.
        tails: known tails of all pairs, sorted within a pair, without duplicates.
    """

    width: int
    keys: Rows
    offsets: Rows
    tails: Rows

    @classmethod
    def build(cls, triples: Rows, width: int) -> FilterIndex:
        """Index `[links, 3]` triples; `width` is one more than the highest relation row."""
        size = int(triples[:, 2].max(initial=0)) + 1
        pairs, tails = np.divmod(
            np.unique((triples[:, 0] * width + triples[:, 1]) * size + triples[:, 2]), size
        )
        keys, starts = np.unique(pairs, return_index=True)
        return cls(width, keys, np.append(starts, len(tails)).astype(np.int64), tails)

    def lookup(self, heads: Rows, relations: Rows) -> tuple[Rows, Rows]:
        """`[queries]` pairs -> known tails, flat: which query each belongs to, and the tail."""
        pairs = heads * self.width + relations
        place = np.searchsorted(self.keys, pairs)
        is_key = np.append(self.keys, -1)[place] == pairs
        begin = np.where(is_key, self.offsets[np.where(is_key, place, 0)], 0)
        end = np.where(is_key, self.offsets[np.where(is_key, place + 1, 0)], 0)
        lengths = end - begin
        queries = np.repeat(np.arange(len(pairs)), lengths)
        within = np.arange(len(queries)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return queries, self.tails[np.repeat(begin, lengths) + within]


def with_reciprocals(triples: Rows, relations: int) -> Rows:
    """Triples -> `[2 links, 3]`: each one, then each as (tail, relation + `relations`, head).

    Every question then asks for a tail (Lacroix et al., ICML 2018; Kazemi & Poole, NeurIPS 2018).
    """
    inverse = triples[:, ::-1] + np.array([0, relations, 0])
    return np.concatenate([triples, inverse])


def drawn(triples: Rows, most: int, seed: int) -> Rows:
    """Triples -> at most so many of them, drawn by the seed, in their order."""
    chosen: Rows = triples[np.sort(np.random.default_rng(seed).permutation(len(triples))[:most])]
    return chosen


def irreflexive(triples: Triples) -> Tensor:
    """Triples -> `[2 r]`, which relations and reciprocals link no entity to itself in training."""
    head, relation, tail = triples.train.T
    loops = np.bincount(relation[head == tail], minlength=len(triples.relations))
    return torch.from_numpy(np.tile(loops == 0, 2))


def graph_triples(graph: KnowledgeGraph) -> Triples:
    """Graph -> the links between its concepts, all in train; the rows are `graph.concepts`."""
    none = np.empty((0, 3), dtype=np.int64)
    return Triples(graph.concepts, graph.relations, graph.edges, none, none)
