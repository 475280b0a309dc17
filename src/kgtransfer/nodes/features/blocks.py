"""Blocks of node features, made once and shared by all arms and seeds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from sklearn.preprocessing import QuantileTransformer

from kgtransfer.nodes.attributes.knowledge import class_prior, weighted_meaning
from kgtransfer.nodes.features.descriptors import DESCRIPTORS, describe_structure, neighbour_means
from kgtransfer.nodes.features.propagation import factors, propagated, smoother, unit_rows, weighted

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.nodes.attributes.knowledge import AttributeKnowledge
    from kgtransfer.nodes.data.graph import NodeGraph

__all__ = ["KnowledgeFeatures", "NodeBlocks"]

FACTORS, PLACES, BASELINE = 256, 128, 128
SMALL = 60_000
SIX = ("degree", "PageRank", "triangles", "clustering", "mean degree of neighbours", "core number")


@dataclass(frozen=True, eq=False)
class KnowledgeFeatures:
    """What knowledge adds: further blocks `[N, width]`, and a prior `[N, classes]`, if any."""

    blocks: dict[str, npt.NDArray[np.float32]]
    prior: npt.NDArray[np.float32] | None


class NodeBlocks:
    """Named blocks of features of all nodes, `[N, width]` each, on one scale.

    Args:
        nodes: the data.
        small: nodes up to which a graph with attributes is described by its structure too.
    """

    def __init__(self, nodes: NodeGraph, small: int = SMALL) -> None:
        self.nodes, self.small = nodes, small

    @cached_property
    def operator(self) -> sp.csr_array:
        """P of the propagations."""
        return smoother(self.nodes.adjacency)

    @cached_property
    def weights(self) -> sp.csr_array:
        """G: how much each attribute says of each node."""
        assert self.nodes.attributes is not None
        return weighted(self.nodes.attributes)

    @cached_property
    def condition(self) -> dict[str, npt.NDArray[np.float32]]:
        """What can condition a structural encoder without any knowledge of what attributes mean."""
        conditions: dict[str, npt.NDArray[np.float32]] = {}
        if self.nodes.attributes is not None:
            conditions |= self._of_attributes(self.weights)
        if self.nodes.attributes is None or self.nodes.num_nodes <= self.small:
            conditions |= self._of_structure()
        return conditions

    @cached_property
    def baseline(self) -> dict[str, npt.NDArray[np.float32]]:
        """The linear baseline's: factors smoothed over two or four hops, or six descriptors."""
        if self.nodes.attributes is None:
            rows = self._descriptors[:, [DESCRIPTORS.index(name) for name in SIX]]
            return {"descriptors": _standard(rows)}
        rows = factors(self.weights, BASELINE)
        two = self.operator @ (self.operator @ rows)
        four = self.operator @ (self.operator @ two)
        return {"two hops": unit_rows(two), "four hops": unit_rows(four)}

    def of_knowledge(
        self, knowledge: AttributeKnowledge, *, related: bool = True
    ) -> KnowledgeFeatures:
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
        return KnowledgeFeatures(blocks, prior)

    def _of_attributes(self, weights: sp.csr_array) -> dict[str, npt.NDArray[np.float32]]:
        own = factors(weights, FACTORS)
        near = neighbour_means(self.nodes.adjacency, own)
        return {
            "own": own,
            "propagated .1": unit_rows(propagated(self.operator, own, 0.1)),
            "propagated .3": unit_rows(propagated(self.operator, own, 0.3)),
            "neighbours": unit_rows(near),
            "two steps": unit_rows(neighbour_means(self.nodes.adjacency, near)),
        }

    def _of_structure(self) -> dict[str, npt.NDArray[np.float32]]:
        rows = np.hstack(
            [self._descriptors, neighbour_means(self.nodes.adjacency, self._descriptors)]
        )
        scale = 1.0 / np.sqrt(np.maximum(self.nodes.degrees, 1))
        diagonal = sp.diags_array(scale.astype(np.float32))
        places = factors(sp.csr_array(diagonal @ self.nodes.adjacency), PLACES)
        return {"structure": np.hstack([_standard(rows), _ranked(rows)]), "place": places}

    @cached_property
    def raw(self) -> sp.csr_array | npt.NDArray[np.float32]:
        """Attributes as a graph network reads them; descriptors where there are none."""
        if self.nodes.attributes is None:
            return 2.5 * self.baseline["descriptors"]
        return self.weights

    @cached_property
    def _descriptors(self) -> npt.NDArray[np.float32]:
        return describe_structure(self.nodes.adjacency)


def _standard(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Columns with mean 0 and one deviation, rows of mean length 1."""
    scaled = (rows - rows.mean(axis=0)) / np.maximum(rows.std(axis=0), 1e-9)
    standard: npt.NDArray[np.float32] = (scaled / np.sqrt(rows.shape[1])).astype(np.float32)
    return standard


def _ranked(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Columns as ranks from -1 to 1, on the same scale: long tails do not count."""
    quantiles = QuantileTransformer(n_quantiles=min(1000, len(rows)), random_state=0)
    ranks = quantiles.fit_transform(rows.astype(np.float64)) * 2 - 1
    scaled: npt.NDArray[np.float32] = (ranks * np.sqrt(3 / rows.shape[1])).astype(np.float32)
    return scaled
