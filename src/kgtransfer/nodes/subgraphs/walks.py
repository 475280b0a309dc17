"""Subgraphs around nodes by random walks with restart: all walks of a block of nodes at once.

Walks: Tong, Faloutsos & Pan, ICDM 2006; as used by GCC (Qiu et al., KDD 2020, arXiv 2006.09963) and
by GraphControl (Zhu et al., WWW 2024, arXiv 2310.07365).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import scipy.sparse as sp

__all__ = ["Subgraphs", "walk_subgraphs"]


@dataclass(frozen=True, eq=False)
class Subgraphs:
    """Small graphs side by side: one disconnected graph whose parts are known.

    Attributes:
        nodes: `[T]`, node of the whole graph that each place stands for.
        offsets: `[S + 1]`; subgraph `s` has the places `offsets[s]` up to the next offset, its
            root first.
        edges: `[2, E]`, places, in both directions, sorted by the first.
    """

    nodes: npt.NDArray[np.int64]
    offsets: npt.NDArray[np.int64]
    edges: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """`[S]`, number of places of each subgraph."""
        return np.diff(self.offsets)

    @property
    def degrees(self) -> npt.NDArray[np.int64]:
        """`[T]`, number of neighbours within the subgraph."""
        return np.bincount(self.edges[0], minlength=len(self.nodes)).astype(np.int64)

    def places(self, chosen: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """All places of the chosen subgraphs, in their order."""
        return _ranges(self.offsets[chosen], self.sizes[chosen])

    def take(self, chosen: npt.NDArray[np.int64]) -> Subgraphs:
        """The chosen subgraphs, in the order given."""
        chosen = np.asarray(chosen, dtype=np.int64)
        sizes = self.sizes[chosen]
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        first = np.searchsorted(self.edges[0], self.offsets)  # edges of each subgraph are a range
        counts = np.diff(first)[chosen]
        moved = self.edges[:, _ranges(first[:-1][chosen], counts)]
        moved = moved + np.repeat(offsets[:-1] - self.offsets[:-1][chosen], counts)
        return Subgraphs(self.nodes[self.places(chosen)], offsets, moved)

    @classmethod
    def joined(cls, parts: list[Subgraphs]) -> Subgraphs:
        """Several blocks of subgraphs as one."""
        shifts = np.cumsum([0, *(len(part.nodes) for part in parts)])
        offsets = [part.offsets[1:] + s for part, s in zip(parts, shifts[:-1], strict=True)]
        edges = [part.edges + s for part, s in zip(parts, shifts[:-1], strict=True)]
        return cls(
            np.concatenate([part.nodes for part in parts]),
            np.concatenate([np.zeros(1, dtype=np.int64), *offsets]),
            np.concatenate(edges, axis=1),
        )


def walk_subgraphs(
    adjacency: sp.csr_array,
    seeds: npt.NDArray[np.int64],
    *,
    steps: int | npt.NDArray[np.int64] = 256,
    restart: float = 0.8,
    induced: bool = False,
    rng: np.random.Generator,
) -> Subgraphs:
    """Graph and seeds -> the subgraph that a random walk with restart visits around each.

    Args:
        adjacency: `[N, N]`, symmetric.
        seeds: `[S]`, the roots; a node may be asked for more than once.
        steps: of each walk, one number or one a seed.
        restart: probability of jumping back to the seed after each step.
        induced: all edges between visited nodes (as GCC pre-trains), instead of those that were
            walked along, in both directions (as GraphControl reads a target graph).
        rng: of the walks.

    Returns:
        A subgraph a seed; a seed without neighbours is alone in its own.
    """
    seeds = np.asarray(seeds, dtype=np.int64)
    trail = _walks(adjacency, seeds, steps, restart, rng)
    num_nodes = adjacency.shape[0]
    # The root of each subgraph sorts before its other nodes.
    rows = np.arange(len(seeds), dtype=np.int64)[:, None] * (num_nodes + 1)
    seen = np.concatenate([seeds[:, None], trail.heads], axis=1)
    keys = rows + np.where(seen == seeds[:, None], 0, seen + 1)
    visited, places = np.unique(keys, return_inverse=True)
    places = places.reshape(keys.shape)
    owners, node = np.divmod(visited, num_nodes + 1)
    nodes = np.where(node == 0, seeds[owners], node - 1)
    offsets = np.searchsorted(owners, np.arange(len(seeds) + 1)).astype(np.int64)
    if induced:
        edges = _induced(adjacency, nodes, owners, seeds, visited)
    else:
        tails = np.where(trail.from_root, places[:, :1], places[:, :-1])
        edges = _both_ways(tails[trail.walked], places[:, 1:][trail.walked], len(nodes))
    return Subgraphs(nodes, offsets, edges)


@dataclass(frozen=True, eq=False)
class _Trail:
    """Walks, `[S, steps]` each: where each step led, whether it left the root, whether it was."""

    heads: npt.NDArray[np.int64]
    from_root: npt.NDArray[np.bool_]
    walked: npt.NDArray[np.bool_]


def _walks(
    adjacency: sp.csr_array,
    seeds: npt.NDArray[np.int64],
    steps: int | npt.NDArray[np.int64],
    restart: float,
    rng: np.random.Generator,
) -> _Trail:
    first = adjacency.indptr.astype(np.int64)
    degrees = np.diff(first)
    limit = np.broadcast_to(np.asarray(steps, dtype=np.int64), seeds.shape)
    longest = int(limit.max(initial=0))
    heads = np.empty((longest, len(seeds)), dtype=np.int64)
    from_root = np.empty((longest, len(seeds)), dtype=np.bool_)
    current, at_root = seeds.copy(), np.ones(len(seeds), dtype=np.bool_)
    for step in range(longest):
        draw = rng.random((2, len(seeds)), dtype=np.float32)
        going = (degrees[current] > 0) & (step < limit)
        pick = np.minimum((draw[0] * degrees[current]).astype(np.int64), degrees[current] - 1)
        place = np.where(going, first[current] + pick, 0)
        reached = current
        if len(adjacency.indices):
            reached = np.where(going, adjacency.indices[place], current)
        heads[step], from_root[step] = reached, at_root
        at_root = draw[1] < restart
        current = np.where(at_root, seeds, reached)
    walked = (np.arange(longest) < limit[:, None]) & (degrees[seeds] > 0)[:, None]
    return _Trail(heads.T, from_root.T, walked)


def _both_ways(
    tails: npt.NDArray[np.int64], heads: npt.NDArray[np.int64], size: int
) -> npt.NDArray[np.int64]:
    """Each pair once in either direction, sorted."""
    keys = np.unique(np.minimum(tails, heads) * size + np.maximum(tails, heads))
    low, high = np.divmod(keys, max(1, size))
    keys = np.sort(np.concatenate([keys, high * size + low]))
    return np.stack(np.divmod(keys, max(1, size)))


def _induced(
    adjacency: sp.csr_array,
    nodes: npt.NDArray[np.int64],
    owners: npt.NDArray[np.int64],
    seeds: npt.NDArray[np.int64],
    visited: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """All edges of the whole graph between places of one subgraph."""
    first = adjacency.indptr.astype(np.int64)
    degrees = np.diff(first)[nodes]
    tails = np.repeat(np.arange(len(nodes)), degrees)
    neighbours = adjacency.indices[_ranges(first[nodes], degrees)].astype(np.int64)
    owner = owners[tails]
    within = np.where(neighbours == seeds[owner], 0, neighbours + 1)
    keys = owner * (adjacency.shape[0] + 1) + within
    place = np.minimum(np.searchsorted(visited, keys), len(visited) - 1)
    inside = visited[place] == keys
    tails, heads = tails[inside], place[inside]
    order = np.argsort(tails * len(nodes) + heads)
    return np.stack([tails[order], heads[order]])


def _ranges(starts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """`starts[i]` up to `starts[i] + lengths[i]`, one after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    shift = np.repeat(starts - (ends - lengths), lengths)
    ranges: npt.NDArray[np.int64] = np.arange(total, dtype=np.int64) + shift
    return ranges
