"""Blocks of node features, made once and shared by all arms and seeds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np
import scipy.sparse as sp
from sklearn.preprocessing import QuantileTransformer

from kgtransfer.nodes.attributes.knowledge import class_prior, weighted_meaning
from kgtransfer.nodes.features.descriptors import DESCRIPTORS, describe_structure, neighbour_means
from kgtransfer.nodes.features.priors import knowledge_priors, plain_priors
from kgtransfer.nodes.features.propagation import factors, propagated, smoother, unit_rows
from kgtransfer.nodes.features.rows import hop_blocks, propagated_blocks, row_blocks, row_weights
from kgtransfer.nodes.kept import Kept

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.nodes.attributes.knowledge import AttributeKnowledge
    from kgtransfer.nodes.data.graph import NodeGraph
    from kgtransfer.nodes.features.texts import TextFeatures

__all__ = ["KnowledgeFeatures", "NodeBlocks"]

FACTORS, PLACES, BASELINE = 256, 128, 128
SMALL = 60_000
DENSE = 0.25  # share of entries above which a matrix is smaller, or little larger, when dense
SIX = ("degree", "PageRank", "triangles", "clustering", "mean degree of neighbours", "core number")


@dataclass(frozen=True, eq=False)
class KnowledgeFeatures:
    """What knowledge adds: further blocks `[N, width]`, and priors `[N, classes]`."""

    blocks: dict[str, npt.NDArray[np.float32]]
    priors: dict[str, npt.NDArray[np.float32]]


class NodeBlocks:
    """Named blocks of features of all nodes, `[N, width]` each, on one scale.

    Args:
        nodes: the data.
        small: nodes up to which a graph with attributes is described by its structure too.
        texts: vectors of the texts of a table's rows.
        kept: what was made of them before.
    """

    def __init__(
        self,
        nodes: NodeGraph,
        small: int = SMALL,
        texts: TextFeatures | None = None,
        kept: Kept | None = None,
    ) -> None:
        self.nodes, self.small, self.texts, self.kept = nodes, small, texts, kept or Kept()

    @cached_property
    def operator(self) -> sp.csr_array:
        """P of the propagations."""
        return smoother(self.nodes.adjacency)

    @cached_property
    def weights(self) -> sp.csr_array:
        """G: how much each attribute says of each node."""
        assert self.nodes.attributes is not None
        return row_weights(self.nodes)

    @cached_property
    def condition(self) -> dict[str, npt.NDArray[np.float32]]:
        """What can condition a structural encoder without any knowledge of what attributes mean."""
        texts = self.texts.hash if self.texts else ""
        kept = self.kept.arrays(self._conditions, "blocks", self.nodes.hash, texts, self.small)
        return cast("dict[str, npt.NDArray[np.float32]]", kept)

    def _conditions(self) -> dict[str, npt.NDArray[np.float32]]:
        conditions: dict[str, npt.NDArray[np.float32]] = {}
        if self.nodes.is_table:
            conditions |= self.of_rows
            if not self.nodes.has_edges:
                return conditions
            conditions = propagated_blocks(conditions, self.nodes.adjacency, self.operator)
        elif self.nodes.attributes is not None:
            conditions |= self._of_attributes(self.weights)
        if self.nodes.attributes is None or self.nodes.num_nodes <= self.small:
            conditions |= self._of_structure()
        return conditions

    @cached_property
    def baseline(self) -> dict[str, npt.NDArray[np.float32]]:
        """The linear baseline's: factors smoothed over two or four hops, or six descriptors.

        Of a table's rows: what each says by itself, all of it together, and smoothed over two hops.
        """
        if self.nodes.is_table:
            own = self.of_rows
            together = {"together": np.hstack([*own.values()])} if len(own) > 1 else {}
            blocks = {**own, **together}
            return hop_blocks(blocks, self.operator) if self.nodes.has_edges else blocks
        if self.nodes.attributes is None:
            rows = self._descriptors[:, [DESCRIPTORS.index(name) for name in SIX]]
            return {"descriptors": _standard(rows)}
        rows = factors(self.weights, BASELINE)
        two = self.operator @ (self.operator @ rows)
        four = self.operator @ (self.operator @ two)
        return {"two hops": unit_rows(two), "four hops": unit_rows(four)}

    @cached_property
    def of_rows(self) -> dict[str, npt.NDArray[np.float32]]:
        """Of a table's rows: what each says by itself."""
        return row_blocks(self.nodes, self.texts)

    def of_knowledge(
        self, knowledge: AttributeKnowledge, *, related: bool = True, keep: bool = False
    ) -> KnowledgeFeatures:
        """Meaning and relations of attributes, propagated over the graph.

        Args:
            knowledge: of attributes and classes.
            related: whether to make the block of the kernel X S X^T, which takes a while.
            keep: whether its blocks are kept, for an edit that leaves them as they are.
        """
        kept = self.kept if keep else Kept()
        blocks: dict[str, npt.NDArray[np.float32]] = {}
        if related and knowledge.related.nnz > knowledge.related.shape[0]:
            content = "related", self.nodes.hash, _digest(*_parts(knowledge.related))
            made = kept.arrays(lambda: self._related(knowledge.related), *content)
            blocks |= cast("dict[str, npt.NDArray[np.float32]]", made)
        priors = knowledge_priors(knowledge, self.texts, self.nodes.attributes)
        if knowledge.vectors is not None:
            vectors = knowledge.vectors
            content = "meaning", self.nodes.hash, _digest(vectors)
            made = kept.arrays(lambda: self._meaning(vectors), *content)
            rows, mean = (cast("npt.NDArray[np.float32]", made[name]) for name in ("rows", "mean"))
            blocks["meaning"] = rows
            if knowledge.classes is not None:
                priors["meaning"] = class_prior(rows, knowledge.classes, mean)
        return KnowledgeFeatures(blocks, priors)

    def _related(self, related: sp.csr_array) -> dict[str, npt.NDArray[np.float32]]:
        """The block of the kernel X S X^T."""
        rows = factors(sp.csr_array(self.weights @ related), FACTORS, dense_from=DENSE)
        return {"related": unit_rows(self._propagated(rows))}

    def _meaning(self, vectors: npt.NDArray[np.float32]) -> dict[str, npt.NDArray[np.float32]]:
        """C = G E over the graph, and the mean that all nodes share."""
        meaning, mean = weighted_meaning(self.weights, vectors)
        return {"rows": unit_rows(self._propagated(unit_rows(meaning))), "mean": mean}

    @cached_property
    def priors(self) -> dict[str, npt.NDArray[np.float32]]:
        """Priors `[N, classes]` without knowledge: names of classes against the rows' texts."""
        return plain_priors(self.texts)

    def _propagated(self, rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return propagated(self.operator, rows, 0.1) if self.nodes.has_edges else rows

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
        """Attributes as a graph network reads them; descriptors where there are none.

        It reads texts as all others do.
        """
        if self.nodes.is_table:
            return self.dense
        if self.nodes.attributes is None:
            return 2.5 * self.baseline["descriptors"]
        return self.weights

    @cached_property
    def dense(self) -> npt.NDArray[np.float32]:
        """What a forest reads: all that rows say, propagated attributes, or structure."""
        if self.nodes.is_table:
            return np.hstack([*self.of_rows.values()])
        name = "structure" if self.nodes.attributes is None else "propagated .1"
        return self.condition[name]

    @cached_property
    def _descriptors(self) -> npt.NDArray[np.float32]:
        return describe_structure(self.nodes.adjacency)


def _digest(*arrays: npt.NDArray[np.generic]) -> str:
    content = hashlib.sha256()
    for array in arrays:
        content.update(repr((array.shape, array.dtype.str)).encode() + array.tobytes())
    return content.hexdigest()


def _parts(matrix: sp.csr_array) -> tuple[npt.NDArray[np.generic], ...]:
    return matrix.indptr, matrix.indices, matrix.data


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
