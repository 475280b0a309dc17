"""Subgraphs as one batch of tensors, which encoders read."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from kgtransfer.nodes.sparse import SparseMatrix, sparse_rows

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from kgtransfer.nodes.subgraphs.walks import Subgraphs

__all__ = ["GraphBatch"]


@dataclass(frozen=True, eq=False)
class GraphBatch:
    """Subgraphs as an encoder reads them.

    Attributes:
        positions: `[T, 32]`, positional encoding of each place.
        degrees: `[T]`, int64, neighbours within the subgraph.
        roots: `[S]`, place of each subgraph's root.
        owners: `[T]`, subgraph of each place, ascending.
        edges: `[2, E]`, places, in both directions, sorted by the first.
        nodes: `[T]`, node of the whole graph that each place stands for.
    """

    positions: Tensor
    degrees: Tensor
    roots: Tensor
    owners: Tensor
    edges: Tensor
    nodes: Tensor

    @classmethod
    def of(cls, subgraphs: Subgraphs, positions: npt.NDArray[np.float32]) -> GraphBatch:
        """From subgraphs and the positions of their places."""
        sizes = torch.from_numpy(subgraphs.sizes)
        return cls(
            positions=torch.from_numpy(positions),
            degrees=torch.from_numpy(subgraphs.degrees),
            roots=torch.from_numpy(subgraphs.offsets[:-1]),
            owners=torch.repeat_interleave(torch.arange(len(sizes)), sizes),
            edges=torch.from_numpy(subgraphs.edges),
            nodes=torch.from_numpy(subgraphs.nodes),
        )

    def __len__(self) -> int:
        return len(self.roots)

    def flipped(self, generator: torch.Generator | None = None) -> GraphBatch:
        """The columns of all positions with random signs: an eigenvector has none of its own."""
        signs = torch.randint(0, 2, (1, self.positions.shape[1]), generator=generator) * 2 - 1
        return replace(self, positions=self.positions * signs.to(self.positions))

    def added(self, condition: Tensor) -> GraphBatch:
        """The same with `[T, 32]` added to the positions."""
        return replace(self, positions=self.positions + condition)

    def to(self, device: torch.device | str) -> GraphBatch:
        """The same on a device."""
        names = (field.name for field in fields(self))
        return GraphBatch(**{name: getattr(self, name).to(device) for name in names})

    @cached_property
    def adjacency(self) -> SparseMatrix:
        """`[T, T]`, symmetric: thrice as fast as adding up edge by edge."""
        starts = F.pad(self.degrees.cumsum(0), (1, 0))
        ones = torch.ones(self.edges.shape[1], device=self.edges.device)
        rows = sparse_rows(starts, self.edges[1], ones, (len(self.nodes),) * 2)
        return SparseMatrix(rows, rows)

    @property
    def ego(self) -> Tensor:
        """`[T, 1]`, 1 at each root."""
        flags = self.positions.new_zeros(len(self.owners), 1)
        flags[self.roots] = 1.0
        return flags

    def neighbours(self, states: Tensor) -> Tensor:
        """Sum of the neighbours' states, `[T, width]` each."""
        return self.adjacency @ states

    def pooled(self, states: Tensor) -> Tensor:
        """Sum over the places of each subgraph, `[S, width]`."""
        empty = states.new_zeros(len(self), states.shape[1])
        return empty.index_add(0, self.owners, states)
