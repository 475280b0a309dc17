"""Blocks of features of a table's rows: its columns, its words, its texts; with edges, propagated.

columns   numbers of mean 0 and deviation 1, indicators of categories; rows of mean length 1
words     factors of TF-IDF, rows of length 1
text      vectors of a sentence encoder, rows of length 1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from kgtransfer.nodes.features.descriptors import neighbour_means
from kgtransfer.nodes.features.propagation import factors, propagated, unit_rows, weighted

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.nodes.data.graph import NodeGraph
    from kgtransfer.nodes.features.texts import TextFeatures

__all__ = ["hop_blocks", "propagated_blocks", "row_blocks", "row_weights"]

FACTORS = 256
DENSE = ("numbers", "categories")  # groups of attributes that are one block as they are

RowBlocks = dict[str, "npt.NDArray[np.float32]"]


def row_blocks(nodes: NodeGraph, texts: TextFeatures | None = None) -> RowBlocks:
    """Rows of a table -> what each says by itself: the blocks `columns`, `words` and `text`.

    A graph whose attributes are all of one kind, with no edge, has `words`: its attributes.
    """
    blocks: RowBlocks = {}
    columns = [_group(nodes, name).toarray() for name in DENSE if name in nodes.groups]
    if columns:
        blocks["columns"] = _scaled("columns", np.hstack(columns))
    if nodes.attributes is not None and ("words" in nodes.groups or not nodes.groups):
        blocks["words"] = factors(weighted(_group(nodes, "words")), FACTORS)
    if texts is not None:
        blocks["text"] = texts.rows
    return blocks


def row_weights(nodes: NodeGraph) -> sp.csr_array:
    """G of a table's rows, `[N, D]`: how much each attribute says of each row; numbers are signed.

    Words by TF-IDF, rows of length 1; numbers and categories on the scale of `columns`.
    """
    assert nodes.attributes is not None
    if not nodes.groups:
        return weighted(nodes.attributes)
    parts = []
    dense = [name for name in DENSE if name in nodes.groups]
    length = np.sqrt(sum((_group(nodes, name).data ** 2).sum() for name in dense) / nodes.num_nodes)
    for name in nodes.groups:
        group = _group(nodes, name)
        parts.append(group / np.float32(max(length, 1e-6)) if name in DENSE else weighted(group))
    return sp.csr_array(sp.hstack(parts, format="csr"))


def propagated_blocks(
    blocks: RowBlocks, adjacency: sp.csr_array, operator: sp.csr_array
) -> RowBlocks:
    """What rows say by themselves -> the same, and how it comes over the graph to each of them."""
    wider = dict(blocks)
    for name, rows in blocks.items():
        wider[f"{name} propagated .1"] = _scaled(name, propagated(operator, rows, 0.1))
        wider[f"{name} propagated .3"] = _scaled(name, propagated(operator, rows, 0.3))
        wider[f"{name} neighbours"] = _scaled(name, neighbour_means(adjacency, rows))
    return wider


def hop_blocks(blocks: RowBlocks, operator: sp.csr_array) -> RowBlocks:
    """What rows say by themselves -> the same, and smoothed over two hops: linear baselines."""
    hops = {
        f"{name} two hops": _scaled(name, operator @ (operator @ rows))
        for name, rows in blocks.items()
    }
    return {**blocks, **hops}


def _scaled(name: str, rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Rows of length 1; those of columns, whose lengths say something, of mean length 1."""
    if name != "columns":
        return unit_rows(rows)
    length = np.sqrt(max((rows**2).sum(axis=1).mean(), 1e-12))
    scaled: npt.NDArray[np.float32] = (rows / length).astype(np.float32)
    return scaled


def _group(nodes: NodeGraph, name: str) -> sp.csr_array:
    assert nodes.attributes is not None
    first, end = nodes.groups.get(name, (0, nodes.attributes.shape[1]))
    return sp.csr_array(nodes.attributes[:, first:end])
