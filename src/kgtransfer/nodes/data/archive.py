"""Attributed graphs in their common form: one `.npz` file with edges, classes and attributes.

`edge_index` `[2, E]` and `y` `[N]` (-1: no label) are required, `num_nodes` is N. Attributes are
the parts of a CSR matrix (`x_indptr`, `x_indices`, `x_data`, `x_shape`) or dense (`x`);
`class_names` and `attr_names` are optional. Edges may be stored in any order, in one direction or
both, with loops and more than once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from kgtransfer.errors import DataError
from kgtransfer.nodes.data.edges import undirected
from kgtransfer.nodes.data.graph import NodeGraph
from kgtransfer.utils.arrays import read_arrays

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

__all__ = ["read_archive"]

_CSR = ("x_indptr", "x_indices", "x_data", "x_shape")


def read_archive(path: Path) -> NodeGraph:
    """`.npz` file -> the graph.

    Raises:
        DataError: it is no archive of arrays, or its arrays contradict each other; the message
            names the array, the place in it and the cure.
    """
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
    return undirected(stored, num_nodes)


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
