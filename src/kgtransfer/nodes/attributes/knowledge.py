"""Nodes grounded on the concepts that their attributes are, and what those mean for them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from sklearn.preprocessing import normalize

from kgtransfer.nodes.attributes.similarity import co_occurrence, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.nodes.data.graph import NodeGraph

__all__ = [
    "AttributeKnowledge",
    "class_prior",
    "marking_attributes",
    "weighted_meaning",
]


@dataclass(frozen=True, eq=False)
class AttributeKnowledge:
    """What is known of attributes and classes, apart from any node.

    Attributes:
        vectors: E, `[D, d]`, a vector a column of the attribute matrix; None without names.
        classes: `[classes, d]` in the same space; None where classes have no telling names.
        related: S, `[D, D]`, sparse: how similar two attributes are; rows sum to one.
        described: `[classes, d]`, what the ontology says of the classes, by the encoder that reads
            the texts of a table's rows; None where there are no texts.
        stated: `[D, classes]`, 1 where an attribute is said to be high in a class, -1 low; None
            where nothing is said.
        concepts: vectors of all concepts that it was made of; None where no text was read.
    """

    vectors: npt.NDArray[np.float32] | None
    classes: npt.NDArray[np.float32] | None
    related: sp.csr_array
    described: npt.NDArray[np.float32] | None = None
    stated: npt.NDArray[np.float32] | None = None
    concepts: ConceptEmbeddings | None = None

    @cached_property
    def hash(self) -> str:
        """SHA-256 of all of it."""
        digest = hashlib.sha256()
        related = (self.related.indptr, self.related.indices, self.related.data)
        of_rows = [part for part in (self.described, self.stated) if part is not None]
        for part in (self.vectors, self.classes, *related, *of_rows):
            digest.update(b"none" if part is None else repr(part.shape).encode() + part.tobytes())
        return digest.hexdigest()

    @property
    def names_classes(self) -> bool:
        """Whether it says enough of a table's classes to name that of a row without any label."""
        return self.described is not None or self.stated is not None

    def shuffled(self, seed: int) -> AttributeKnowledge:
        """The placebo: every attribute has the vector and the relations of another one.

        What is said of a class of rows is said of another one, of no class of itself.
        """
        rng = np.random.default_rng((seed, 23))
        order = rng.permutation(self.related.shape[0])
        related = sp.csr_array(self.related[order][:, order])
        vectors = None if self.vectors is None else self.vectors[order]
        described, stated = self.described, self.stated
        if described is not None:
            described = described[_cycle(len(described), rng)]
        if stated is not None:
            stated = stated[:, _cycle(stated.shape[1], rng)]
        return replace(self, vectors=vectors, related=related, described=described, stated=stated)

    @classmethod
    def of(
        cls,
        graph: NodeGraph,
        columns: Mapping[str, int],
        classes: Sequence[str],
        concepts: ConceptEmbeddings | None,
    ) -> AttributeKnowledge:
        """Concept vectors -> what they say of a data set's attributes and classes.

        Args:
            graph: with attributes.
            columns: IRI of an attribute -> its column.
            classes: IRI of each class.
            concepts: vectors of those that may condition; an attribute without one has the mean.
                None: names are lacking, and what occurs together is all that is known.
        """
        assert graph.attributes is not None
        if concepts is None:
            return cls(None, None, co_occurrence(graph.attributes))
        chosen = [iri for iri in columns if iri in concepts]
        embedded = concepts.vectors[concepts.rows(chosen)].numpy()
        vectors = np.tile(embedded.mean(axis=0), (graph.attributes.shape[1], 1))
        vectors[[columns[iri] for iri in chosen]] = embedded
        class_vectors = None
        if all(iri in concepts for iri in classes):
            class_vectors = concepts.vectors[concepts.rows(classes)].numpy()
        return cls(vectors, class_vectors, nearest(vectors))


def _cycle(size: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """A random order in which nothing stays in its place."""
    ring = rng.permutation(size)
    order = np.empty(size, dtype=np.int64)
    order[ring] = np.roll(ring, 1)
    return order


def marking_attributes(
    attributes: sp.csr_array,
    labels: npt.NDArray[np.int64],
    train: npt.NDArray[np.int64],
    count: int = 8,
) -> list[tuple[int, int]]:
    """Attributes `[N, D]` -> (column, class): those that training nodes of a class have most.

    Above the others, by how many more than expected (Dunning, 1993); only labels of `train` are
    looked at.
    """
    rows = attributes[train]
    rows.data = np.ones_like(rows.data)
    classes = int(labels.max()) + 1
    member = np.zeros((classes, len(train)), dtype=np.float64)
    member[labels[train], np.arange(len(train))] = 1.0
    counts = member @ rows  # [classes, D]
    total, sizes = counts.sum(axis=0), member.sum(axis=1)
    expected = np.outer(sizes, total) / max(1, len(train))
    ratio = np.maximum(counts, 1) / np.maximum(expected, 1e-9)
    gain = np.where(counts > expected, counts * np.log(ratio), 0)
    marking = []
    for row in range(classes):
        best = np.argsort(-gain[row], kind="stable")[:count]
        marking += [
            (int(column), row)
            for column in best
            if counts[row, column] >= 3 and gain[row, column] > 0
        ]
    return marking


def weighted_meaning(
    weights: sp.csr_array, vectors: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """C = G E, `[N, d]`, less what all nodes share, and that mean vector.

    Args:
        weights: G, `[N, D]`, weights of each node's attributes; numbers are signed.
        vectors: E, `[D, d]`.
    """
    share = np.asarray(abs(weights).sum(axis=0)).ravel()
    mean = (share @ vectors / max(share.sum(), 1e-12)).astype(np.float32)
    meaning: npt.NDArray[np.float32] = (weights @ (vectors - mean)).astype(np.float32)
    return meaning, mean


def class_prior(
    meaning: npt.NDArray[np.float32],
    classes: npt.NDArray[np.float32],
    mean: npt.NDArray[np.float32],
) -> npt.NDArray[np.float32]:
    """Meaning of nodes and classes -> how well each class fits each node, `[N, classes]`.

    Cosines of the (propagated) meaning of a node with a class's vector; a class's column has mean
    0 and deviation 1 over all nodes, since some descriptions are close to everything.
    """
    fit = meaning @ normalize(classes - mean).T
    scaled: npt.NDArray[np.float32] = (fit - fit.mean(axis=0)) / np.maximum(fit.std(axis=0), 1e-9)
    return scaled
