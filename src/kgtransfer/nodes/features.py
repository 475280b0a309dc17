"""Blocks of node features, made once and shared by all arms and seeds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from sklearn.preprocessing import QuantileTransformer

from kgtransfer.nodes.descriptors import DESCRIPTORS, describe_structure, neighbour_means
from kgtransfer.nodes.knowledge import class_prior, weighted_meaning
from kgtransfer.nodes.propagation import factors, propagated, smoother, unit_rows, weighted

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.nodes.graph import NodeGraph
    from kgtransfer.nodes.knowledge import AttributeKnowledge

__all__ = ["Known", "NodeBlocks"]

FACTORS, PLACES, BASELINE = 256, 128, 128
SMALL = 60_000
SIX = ("degree", "PageRank", "triangles", "clustering", "mean degree of neighbours", "core number")


@dataclass(frozen=True, eq=False)
class Known:
    """What knowledge adds for an arm: further blocks, and a prior over classes."""

    blocks: dict[str, npt.NDArray[np.float32]]
    prior: npt.NDArray[np.float32] | None


class NodeBlocks:
    """Named blocks of features of all nodes, `[N, width]` each, on one scale.

    Args:
        graph: the data.
        small: nodes up to which a graph with attributes is described by its structure too.
    """

    def __init__(self, graph: NodeGraph, small: int = SMALL) -> None:
        self.graph, self.small = graph, small

    @cached_property
    def operator(self) -> sp.csr_array:
        """P of the propagations."""
        return smoother(self.graph.adjacency)

    @cached_property
    def weights(self) -> sp.csr_array:
        """G: how much each attribute says of each node."""
        assert self.graph.attributes is not None
        return weighted(self.graph.attributes)

    @cached_property
    def condition(self) -> dict[str, npt.NDArray[np.float32]]:
        """What can condition a structural encoder without any knowledge of what attributes mean."""
        found: dict[str, npt.NDArray[np.float32]] = {}
        if self.graph.attributes is not None:
            found |= self._of_attributes(self.weights)
        if self.graph.attributes is None or self.graph.num_nodes <= self.small:
            found |= self._of_structure()
        return found

    @cached_property
    def baseline(self) -> dict[str, npt.NDArray[np.float32]]:
        """The linear baseline's: factors smoothed over two or four hops, or six descriptors."""
        if self.graph.attributes is None:
            rows = self._descriptors[:, [DESCRIPTORS.index(name) for name in SIX]]
            return {"descriptors": _standard(rows)}
        rows = factors(self.weights, BASELINE)
        two = self.operator @ (self.operator @ rows)
        four = self.operator @ (self.operator @ two)
        return {"two hops": unit_rows(two), "four hops": unit_rows(four)}

    def known(self, knowledge: AttributeKnowledge, *, related: bool = True) -> Known:
        """Meaning and relations of attributes, propagated over the graph.

        Args:
            knowledge: of attributes and classes.
            related: whether to make the block of the kernel X S X^T, which takes a while.
        """
        blocks: dict[str, npt.NDArray[np.float32]] = {}
        if related:
            rows = factors(sp.csr_array(self.weights @ knowledge.related), FACTORS)
            blocks["related"] = unit_rows(propagated(self.operator, rows, 0.1))
        prior = None
        if knowledge.vectors is not None:
            meaning, mean = weighted_meaning(self.weights, knowledge.vectors)
            rows = unit_rows(propagated(self.operator, unit_rows(meaning), 0.1))
            blocks["meaning"] = rows
            if knowledge.classes is not None:
                prior = class_prior(rows, knowledge.classes, mean)
        return Known(blocks, prior)

    def _of_attributes(self, weights: sp.csr_array) -> dict[str, npt.NDArray[np.float32]]:
        own = factors(weights, FACTORS)
        near = neighbour_means(self.graph.adjacency, own)
        return {
            "own": own,
            "propagated .1": unit_rows(propagated(self.operator, own, 0.1)),
            "propagated .3": unit_rows(propagated(self.operator, own, 0.3)),
            "neighbours": unit_rows(near),
            "two steps": unit_rows(neighbour_means(self.graph.adjacency, near)),
        }

    def _of_structure(self) -> dict[str, npt.NDArray[np.float32]]:
        rows = np.hstack(
            [self._descriptors, neighbour_means(self.graph.adjacency, self._descriptors)]
        )
        scale = 1.0 / np.sqrt(np.maximum(self.graph.degrees, 1))
        diagonal = sp.diags_array(scale.astype(np.float32))
        places = factors(sp.csr_array(diagonal @ self.graph.adjacency), PLACES)
        return {"structure": np.hstack([_standard(rows), _ranked(rows)]), "place": places}

    @cached_property
    def _descriptors(self) -> npt.NDArray[np.float32]:
        return describe_structure(self.graph.adjacency)


def _standard(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Columns with mean 0 and one deviation, rows of mean length 1."""
    scaled = (rows - rows.mean(axis=0)) / np.maximum(rows.std(axis=0), 1e-9)
    found: npt.NDArray[np.float32] = (scaled / np.sqrt(rows.shape[1])).astype(np.float32)
    return found


def _ranked(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Columns as ranks from -1 to 1, on the same scale: long tails do not count."""
    made = QuantileTransformer(n_quantiles=min(1000, len(rows)), random_state=0)
    ranks = made.fit_transform(rows.astype(np.float64)) * 2 - 1
    found: npt.NDArray[np.float32] = (ranks * np.sqrt(3 / rows.shape[1])).astype(np.float32)
    return found
