"""The subgraphs of all nodes that are asked for, with their positions, walked once and kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors.numpy import load_file, save_file

from kgtransfer.nodes.subgraphs.batch import GraphBatch
from kgtransfer.nodes.subgraphs.positions import local_positions
from kgtransfer.nodes.subgraphs.walks import Subgraphs, walk_subgraphs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from kgtransfer.nodes.data.graph import NodeGraph

__all__ = ["BLOCK", "NodeSubgraphs", "blocks", "node_subgraphs"]

BLOCK = 4096  # subgraphs that are walked together
READ = 1024  # subgraphs that are read together


@dataclass(frozen=True, eq=False)
class NodeSubgraphs:
    """A subgraph a node, in the order of `nodes`, with positional encodings."""

    nodes: npt.NDArray[np.int64]
    subgraphs: Subgraphs
    positions: npt.NDArray[np.float16]

    def batch(self, rows: npt.NDArray[np.int64]) -> GraphBatch:
        """The subgraphs of some rows."""
        positions = self.positions[self.subgraphs.places(rows)].astype(np.float32)
        return GraphBatch.of(self.subgraphs.take(rows), positions)


def node_subgraphs(
    graph: NodeGraph,
    nodes: npt.NDArray[np.int64],
    *,
    steps: int = 256,
    restart: float = 0.8,
    jumps_count: bool = False,
    seed: int = 0,
    positions: Callable[[Subgraphs], npt.NDArray[np.float32]] = local_positions,
    cache: Path | None = None,
    name: str = "adjacency",
) -> NodeSubgraphs:
    """Graph and nodes -> a subgraph walked around each, with positions; or both from a cache.

    Args:
        graph: whose edges are walked.
        nodes: roots, a subgraph each.
        steps: of each walk.
        restart: probability of jumping back after each step.
        jumps_count: jumps are among the steps, as in GraphControl's public code: a walk has
            Binomial(steps, 1 - restart) others, a fifth of them at a restart of .8.
        seed: of the walks.
        positions: subgraphs -> encoding of their places.
        cache: folder; a file in it is named by the content of everything above.
        name: of `positions`, for the cache.
    """
    content = (graph.structure_hash, f"{steps} {restart} {jumps_count} {seed} {name}")
    key = hashlib.sha256(repr(content).encode() + nodes.tobytes()).hexdigest()[:20]
    file = cache / f"subgraphs-{key}.safetensors" if cache else None
    if file and file.is_file():
        kept = load_file(file)
        subgraphs = Subgraphs(kept["nodes"], kept["offsets"], kept["edges"].astype(np.int64))
        return NodeSubgraphs(nodes, subgraphs, kept["positions"])
    rng = np.random.default_rng(seed)
    parts, rows = [], []
    for start in range(0, len(nodes), BLOCK):
        chosen = nodes[start : start + BLOCK]
        walked = rng.binomial(steps, 1 - restart, len(chosen)) if jumps_count else steps
        block = walk_subgraphs(graph.adjacency, chosen, steps=walked, restart=restart, rng=rng)
        parts.append(block)
        rows.append(positions(block).astype(np.float16))
    subgraphs, encoded = Subgraphs.joined(parts), np.concatenate(rows)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        tensors: dict[str, npt.NDArray[Any]] = {
            "nodes": subgraphs.nodes,
            "offsets": subgraphs.offsets,
            "positions": encoded,
        }
        save_file(tensors | {"edges": subgraphs.edges.astype(np.int32)}, file)
    return NodeSubgraphs(nodes, subgraphs, encoded)


def blocks(nodes: npt.NDArray[np.int64], size: int = READ) -> Iterator[npt.NDArray[np.int64]]:
    """Places of `nodes`, those that are read together at a time."""
    for start in range(0, len(nodes), size):
        yield np.arange(start, min(start + size, len(nodes)))
