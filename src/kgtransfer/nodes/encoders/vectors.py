"""Vectors of nodes by a frozen encoder, read when they are asked for."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, cast

import numpy as np
import torch

from kgtransfer.nodes.encoders.gin import weights_digest
from kgtransfer.nodes.kept import Kept
from kgtransfer.nodes.subgraphs.cache import BLOCK, NodeSubgraphs, blocks, node_subgraphs

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.nodes.data.graph import NodeGraph
    from kgtransfer.nodes.encoders.gin import GIN

__all__ = ["NodeVectors", "encode_nodes", "encode_walking"]


@torch.no_grad()
def encode_nodes(encoder: GIN, store: NodeSubgraphs) -> npt.NDArray[np.float32]:
    """Encoder and subgraphs -> a vector each, `[nodes, width]`, in eval mode."""
    encoder.eval()
    return np.concatenate([encoder(store.batch(rows)).numpy() for rows in blocks(store.nodes)])


def encode_walking(
    encoder: GIN,
    graph: NodeGraph,
    nodes: npt.NDArray[np.int64],
    *,
    steps: int = 256,
    restart: float = 0.8,
    seed: int = 0,
) -> npt.NDArray[np.float32]:
    """Encoder and nodes -> a vector each; subgraphs are walked, read and forgotten part by part."""
    vectors = np.empty((len(nodes), encoder.width), dtype=np.float32)
    for rows in blocks(nodes, BLOCK):
        store = node_subgraphs(graph, nodes[rows], steps=steps, restart=restart, seed=seed)
        vectors[rows] = encode_nodes(encoder, store)
    return vectors


class NodeVectors:
    """Vectors of a graph's nodes by a frozen encoder, read when they are asked for.

    A graph of a million nodes whose encoder's gate stays closed costs a walk for each node that the
    gate was chosen on, and no others. What is read depends on the nodes asked for alone, not on
    what was asked before: a walk's random numbers are drawn together with those of its block.

    Args:
        encoder: in eval mode.
        graph: whose nodes are read.
        restart: of the walks.
        kept: what was read before.
    """

    def __init__(
        self, encoder: GIN, graph: NodeGraph, restart: float, kept: Kept | None = None
    ) -> None:
        self._encoder, self._graph, self._restart = encoder, graph, restart
        self._kept = kept or Kept()
        self._read: dict[str, npt.NDArray[np.float32]] = {}  # parts of a graph: arms share them
        self.rows = np.zeros((graph.num_nodes, encoder.width), dtype=np.float32)

    def read(self, nodes: npt.NDArray[np.int64] | None = None) -> npt.NDArray[np.float32]:
        """`[N, width]`, the rows of some nodes filled and the others zero; by default all filled.

        It is one array, which the next reading fills anew.
        """
        if nodes is None:
            self.rows[:] = self._encoded(np.arange(len(self.rows)))
        else:
            self.rows[:] = 0
            self.rows[nodes] = self._encoded(nodes)
        return self.rows

    def _encoded(self, nodes: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        def walked() -> dict[str, npt.NDArray[np.float32]]:
            rows = encode_walking(self._encoder, self._graph, nodes, restart=self._restart)
            return {"vectors": rows}

        part = hashlib.sha256(nodes.tobytes()).hexdigest()
        if part not in self._read:
            content = weights_digest(self._encoder), self._graph.structure_hash, self._restart
            made = self._kept.arrays(walked, "vectors", *content, part)
            self._read[part] = cast("npt.NDArray[np.float32]", made["vectors"])
        return self._read[part]
