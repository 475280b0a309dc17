"""Attributed graphs: nodes with classes, attributes and texts, and edges between them, or none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

__all__ = ["NodeGraph"]


@dataclass(frozen=True, eq=False)
class NodeGraph:
    """An undirected graph whose nodes have a class and, perhaps, attributes.

    Attributes:
        name: of the data set.
        num_nodes: N.
        edges: `[2, M]`, int64, each undirected edge once (u < v), no self loops, sorted.
        labels: `[N]`, int64, row of `classes`; -1 where nothing is known.
        classes: names of the classes that have a node.
        attributes: `[N, D]`, CSR, float32, non-negative or not; None where no node has any.
        attribute_names: a name a column; empty where nobody gave them.
        corrections: what reading put right: self loops, repeated edges, isolated nodes, ...
        groups: of a table's rows: what its attributes are, `numbers`, `categories` or `words` ->
            first column and the one after the last; empty where all are of one kind.
        texts: of a table's rows: what each says in its text columns; empty where there are none.
        ids: what each node is called; empty for its number.
        parts: of a table that says itself which rows are trained and tested on: `train`, `test`
            or empty for each.
        sample_groups: of a table's rows: number of the group that each belongs to, such as a
            patient; empty where each stands by itself.
    """

    name: str
    num_nodes: int
    edges: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    classes: tuple[str, ...]
    attributes: sp.csr_array | None = None
    attribute_names: tuple[str, ...] = ()
    corrections: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    sample_groups: tuple[int, ...] = ()

    @property
    def has_edges(self) -> bool:
        """Whether any node has a neighbour."""
        return bool(self.edges.shape[1])

    @property
    def is_table(self) -> bool:
        """Whether nodes are rows of a table: what they say themselves comes before neighbours."""
        return bool(self.groups or self.texts) or not self.has_edges

    @cached_property
    def adjacency(self) -> sp.csr_array:
        """`[N, N]`, symmetric, 0 and 1, float32, zero diagonal; columns sorted."""
        both = np.concatenate([self.edges, self.edges[::-1]], axis=1)
        ones = np.ones(both.shape[1], dtype=np.float32)
        return sp.csr_array(sp.coo_array((ones, (both[0], both[1])), shape=(self.num_nodes,) * 2))

    @cached_property
    def degrees(self) -> npt.NDArray[np.int64]:
        """`[N]`, number of neighbours."""
        return np.bincount(self.edges.ravel(), minlength=self.num_nodes).astype(np.int64)

    @cached_property
    def labelled(self) -> npt.NDArray[np.int64]:
        """The nodes whose class is known, ascending."""
        return np.flatnonzero(self.labels >= 0)

    @cached_property
    def structure_hash(self) -> str:
        """SHA-256 of the edges alone."""
        head = f"{self.num_nodes}".encode()
        return hashlib.sha256(head + np.ascontiguousarray(self.edges).tobytes()).hexdigest()

    @cached_property
    def hash(self) -> str:
        """SHA-256 of everything a model may see: edges, attributes, classes and names."""
        digest = hashlib.sha256(self.structure_hash.encode() + self.labels.tobytes())
        if self.attributes is not None:
            for part in (self.attributes.indptr, self.attributes.indices):
                digest.update(part.astype(np.int64).tobytes())
            digest.update(self.attributes.data.tobytes())
        digest.update(repr((self.classes, self.attribute_names)).encode())
        of_rows = [dict(self.groups), self.texts, self.parts, self.sample_groups]
        if of_rows := [part for part in of_rows if part]:
            digest.update(repr(of_rows).encode())
        return digest.hexdigest()
