"""Vectors of entities after messages from their neighbours: a graph encoder over the triples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch_geometric.nn import MessagePassing

if TYPE_CHECKING:
    from kgtransfer.embedding.kge.entities import EntityRows

__all__ = ["Composition", "EncodedRows"]


class Composition(MessagePassing):  # type: ignore[misc]  # it ships no types
    """A layer of CompGCN (Vashishth et al., ICLR 2020), with its input added to its output.

    A neighbour's message is its vector times that of the link, column by column; the mean of the
    messages along links and that against them have a matrix each. The matrices start at 0, and
    the layer as the identity.

    Args:
        width: columns of a vector.
        relations: rows of links, the reciprocal ones in the second half.
    """

    def __init__(self, width: int, relations: int) -> None:
        super().__init__(aggr="mean")
        self.relations = nn.Parameter(torch.ones(relations, width))
        self.matrices = nn.Parameter(torch.zeros(2, width, width))

    def forward(self, vectors: Tensor, edges: Tensor) -> Tensor:
        """Vectors `[n, d]` after messages along `edges` `[links, 3]`: head, relation, tail."""
        against = edges[:, 1] >= len(self.relations) // 2
        # Adagrad's first step is as large for each entry, of which a sum over columns is made.
        matrices = self.matrices / vectors.shape[1]
        for matrix, direction in zip(matrices, (~against, against), strict=True):
            head, relation, tail = edges[direction].T
            links = F.embedding(relation, self.relations)
            messages = self.propagate(torch.stack([head, tail]), x=vectors, links=links)
            vectors = vectors + messages @ matrix
        return vectors

    def message(self, x_j: Tensor, links: Tensor) -> Tensor:
        """Messages `[links, d]` of the heads `x_j`."""
        return x_j * links


class EncodedRows(nn.Module):
    """Rows of other kinds after layers of message passing.

    In training some links carry no message in a step: otherwise a link would be predicted from
    its own message, which a held-out one does not have.

    Args:
        base: gives the vectors `[n, d]` that the first layer takes.
        edges: `[links, 3]` of the training triples, with their reciprocals.
        relations: rows of links, the reciprocal ones in the second half.
        width: columns of a vector.
        layers: how many.
        dropout: share of the links that a step leaves out, in both directions.
    """

    edges: Tensor

    def __init__(
        self,
        base: EntityRows,
        edges: Tensor,
        *,
        relations: int,
        width: int,
        layers: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.base, self.dropout = base, dropout
        self.register_buffer("edges", edges, persistent=False)
        self.layers = nn.ModuleList(Composition(width, relations) for _ in range(layers))

    def forward(self, chosen: Tensor | None = None) -> Tensor:
        """Vectors `[k, d]` of the chosen rows, or of all."""
        vectors: Tensor = self.base()
        edges = self._sampled_edges()
        for layer in self.layers:
            vectors = layer(vectors, edges)
        return vectors if chosen is None else F.embedding(chosen, vectors)

    def shared(self) -> list[nn.Parameter]:
        """What the rows below share, and the layers."""
        return [*self.base.shared(), *self.layers.parameters()]

    def _sampled_edges(self) -> Tensor:
        if not self.training or not self.dropout:
            return self.edges
        stays = torch.rand(len(self.edges) // 2, device=self.edges.device) >= self.dropout
        return self.edges[stays.repeat(2)]
