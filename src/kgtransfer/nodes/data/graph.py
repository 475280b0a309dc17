"""Attributed graphs in their common form: one `.npz` file with edges, classes and attributes.

`edge_index` `[2, E]` and `y` `[N]` (-1: no label) are required, `num_nodes` is N. Attributes are
the parts of a CSR matrix (`x_indptr`, `x_indices`, `x_data`, `x_shape`) or dense (`x`);
`class_names` and `attr_names` are optional. Edges may be stored in any order, in one direction or
both, with loops and more than once.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from kgtransfer.errors import DataError
from kgtransfer.utils.arrays import read_arrays
from kgtransfer.utils.data_paths import find_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

__all__ = ["NodeGraph", "read_nodes"]

_CSR = ("x_indptr", "x_indices", "x_data", "x_shape")


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
    """

    name: str
    num_nodes: int
    edges: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    classes: tuple[str, ...]
    attributes: sp.csr_array | None = None
    attribute_names: tuple[str, ...] = ()
    corrections: Mapping[str, int] = field(default_factory=dict)

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
        return digest.hexdigest()


def read_nodes(path: str | Path) -> NodeGraph:
    """File of a data set, or its name in `$KGTRANSFER_DATA/graph` -> the graph.

    Raises:
        DataError: the file is missing, no archive of arrays, or its arrays contradict each other;
            the message names the array, the place in it and the cure.
    """
    path = find_data(path, "graph")
    arrays = _arrays(path)
    for key in ("edge_index", "y"):
        if key not in arrays:
            raise DataError(
                f"{path}: no array {key}", cure="see the format in docs/graph_control.md"
            )
    num_nodes = _num_nodes(path, arrays)
    edges, corrections = _edges(path, arrays["edge_index"], num_nodes)
    labels, classes = _labels(path, arrays, num_nodes)
    attributes = _attributes(path, arrays, num_nodes)
    if attributes is not None and not attributes.nnz:
        attributes, corrections = None, {**corrections, "attributes that are all zero": 1}
    names = tuple(map(str, arrays.get("attr_names", ())))
    if attributes is None:
        names = ()
    elif names and len(names) != attributes.shape[1]:
        raise DataError(f"{path}: {len(names)} attr_names for {attributes.shape[1]} attributes")
    return NodeGraph(path.stem, num_nodes, edges, labels, classes, attributes, names, corrections)


def _arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    try:
        return read_arrays(path)
    except (OSError, ValueError) as error:
        raise DataError(
            f"{path}: no archive of plain arrays ({error})",
            cure="write it with numpy.savez_compressed, without arrays of dtype object",
        ) from error


def _num_nodes(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> int:
    count = arrays.get("num_nodes", np.asarray(arrays["y"].size))
    if count.size != 1 or count.dtype.kind not in "iu":
        raise DataError(
            f"{path}: num_nodes is {count.dtype} {list(count.shape)}", cure="store one whole number"
        )
    return int(count.item())


def _edges(
    path: Path, stored: npt.NDArray[Any], num_nodes: int
) -> tuple[npt.NDArray[np.int64], dict[str, int]]:
    """Each undirected edge once, without loops, and what was wrong with the stored ones."""
    if stored.ndim != 2 or stored.shape[0] != 2 or stored.dtype.kind not in "iu":
        raise DataError(
            f"{path}: edge_index is {stored.dtype} {list(stored.shape)}, not whole numbers [2, E]",
            cure="store an edge a column: its two nodes, counted from 0",
        )
    stored = stored.astype(np.int64)
    outside = np.flatnonzero(((stored < 0) | (stored >= num_nodes)).any(axis=0))
    if len(outside):
        u, v = stored[:, outside[0]]
        raise DataError(
            f"{path}: edge_index column {outside[0]}: edge {u}-{v} leaves the {num_nodes} nodes",
            cure="count nodes from 0, or correct num_nodes",
        )
    low, high = np.minimum(*stored), np.maximum(*stored)
    loops = low == high
    keys = np.unique((low * num_nodes + high)[~loops])
    directed = np.unique((stored[0] * num_nodes + stored[1])[~loops])
    edges = np.stack([keys // max(1, num_nodes), keys % max(1, num_nodes)])
    isolated = num_nodes - len(np.unique(edges))
    counts = {
        "self loops": int(loops.sum()),
        "repeated edges": int((~loops).sum()) - len(directed),
        "nodes without a neighbour": isolated,
    }
    return edges, {what: count for what, count in counts.items() if count}


def _labels(
    path: Path, arrays: Mapping[str, npt.NDArray[Any]], num_nodes: int
) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Rows of the classes that occur, and their names."""
    y = arrays["y"]
    if y.shape != (num_nodes,):
        raise DataError(f"{path}: y is {list(y.shape)} for {num_nodes} nodes", cure="one a node")
    if y.dtype.kind not in "iu":
        raise DataError(f"{path}: y is {y.dtype}", cure="store whole numbers; -1 is no label")
    y = y.astype(np.int64)
    if (y < -1).any():
        node = int(np.flatnonzero(y < -1)[0])
        raise DataError(f"{path}: y of node {node} is {y[node]}", cure="-1 alone is no label")
    if "no_label_mask" in arrays:
        y[arrays["no_label_mask"].astype(bool)] = -1
    present = np.unique(y[y >= 0])
    if len(present) < 2:
        raise DataError(
            f"{path}: y holds {len(present)} class(es)", cure="there is nothing to tell apart"
        )
    names = [str(name) for name in arrays.get("class_names", ())]
    if names and len(names) <= present[-1]:
        raise DataError(f"{path}: {len(names)} class_names, but a class {present[-1]} in y")
    rows = np.where(y >= 0, np.searchsorted(present, y), -1)
    return rows, tuple(names[c] if names else f"class {c}" for c in present)


def _attributes(
    path: Path, arrays: Mapping[str, npt.NDArray[Any]], num_nodes: int
) -> sp.csr_array | None:
    """The attribute matrix, checked; None where the file has none."""
    if "x" in arrays:
        if arrays["x"].ndim != 2 or arrays["x"].dtype.kind not in "fiub":
            raise DataError(f"{path}: x is {arrays['x'].dtype} {list(arrays['x'].shape)}")
        matrix = sp.csr_array(arrays["x"].astype(np.float32))
    elif "x_indptr" in arrays:
        lacking = [key for key in _CSR if key not in arrays]
        if lacking:
            raise DataError(f"{path}: no array {', '.join(lacking)} beside x_indptr")
        try:
            shape = tuple(map(int, arrays["x_shape"]))
            parts = (arrays["x_data"].astype(np.float32), arrays["x_indices"], arrays["x_indptr"])
            matrix = sp.csr_array(parts, shape=shape)
            matrix.check_format(full_check=True)
        except (ValueError, TypeError) as error:
            raise DataError(f"{path}: x_* are no CSR matrix ({error})") from error
    else:
        return None
    if matrix.shape[0] != num_nodes:
        raise DataError(f"{path}: attributes of {matrix.shape[0]} nodes, but num_nodes {num_nodes}")
    wrong = np.flatnonzero(~np.isfinite(matrix.data))
    if len(wrong):
        at = wrong[0]
        row = int(np.searchsorted(matrix.indptr, at, side="right")) - 1
        raise DataError(
            f"{path}: attribute {matrix.indices[at]} of node {row} is {matrix.data[at]}",
            cure="fill the gap (0 is: the node lacks it), or leave the column out",
        )
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return matrix
