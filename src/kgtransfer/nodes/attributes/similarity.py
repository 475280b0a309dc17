"""How similar attributes are to each other: S of the kernel X S X^T, sparse, rows that sum to one.

Half of a row is the attribute itself, half those that are closest: by their vectors, by the nodes
that have both, or by what lies above their names in WordNet. No label is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from sklearn.preprocessing import normalize

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from kgtransfer.knowledge.wordnet import WordNet

__all__ = ["co_occurrence", "keep_largest", "nearest", "shared_hypernyms"]

NEIGHBOURS = 10
MIN_SHARED_NODES = 5  # that have both of two attributes, for these to count as going together
DENSE = 0.15  # share of entries above which dense products are quicker
BLOCK = 1024  # rows of cosines that are held at once
STEP = 0.7  # what a synset counts less for each step that it lies higher


def nearest(vectors: npt.NDArray[np.float32], count: int = NEIGHBOURS) -> sp.csr_array:
    """Vectors `[D, d]` -> S `[D, D]` of those nearest to each by cosine."""
    count = min(count, len(vectors) - 1)
    unit = normalize(vectors).astype(np.float32)
    rows, columns, values = [], [], []
    for start in range(0, len(unit), BLOCK):
        cosines = unit[start : start + BLOCK] @ unit.T
        kept = np.argpartition(cosines, -count - 1, axis=1)[:, -count - 1 :]
        rows.append(np.repeat(np.arange(start, start + len(cosines)), kept.shape[1]))
        columns.append(kept.ravel())
        values.append(np.take_along_axis(cosines, kept, axis=1).ravel())
    joined = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    similarity = sp.csr_array(sp.coo_array(joined, shape=(len(unit),) * 2))
    similarity.data = np.maximum(similarity.data, 0)
    return _with_itself(similarity)


def co_occurrence(attributes: sp.csr_array, count: int = NEIGHBOURS) -> sp.csr_array:
    """Attributes `[N, D]` -> S `[D, D]` of those that the same nodes have more often than chance.

    Positive pointwise mutual information, the `count` largest a row.
    """
    present = attributes.copy()
    present.data = np.ones_like(present.data, dtype=np.float32)
    rows = present.toarray() if present.nnz > DENSE * np.prod(present.shape) else present
    together = sp.coo_array(rows.T @ rows)  # whole numbers: exact either way
    counts = np.maximum(np.asarray(present.sum(axis=0)).ravel(), 1)
    row, column = together.coords
    chance = counts[row] * counts[column] / max(1, attributes.shape[0])
    gain = np.log(together.data / chance)
    kept = (row != column) & (together.data >= MIN_SHARED_NODES) & (gain > 0)
    pairs = (gain[kept], (row[kept], column[kept]))
    similarity = sp.csr_array(sp.coo_array(pairs, shape=together.shape))
    keep_largest(similarity, count)
    if similarity.nnz:
        similarity.data /= similarity.data.max()
    return _with_itself(similarity)


def shared_hypernyms(
    names: Sequence[str], wordnet: WordNet, count: int = NEIGHBOURS
) -> sp.csr_array:
    """D names -> S `[D, D]` of those with the most in common above them in WordNet.

    A name stands for its noun, the longest end of it that is one ("quantum entanglement"), in all
    of its senses; a synset counts by how few names lie below it. The `count` closest by cosine.
    Names without a noun are close to themselves alone.
    """
    above = _above(names, wordnet)
    turned = sp.csr_array(above.T)
    parts = []
    for start in range(0, len(names), BLOCK):
        cosines = sp.csr_array(above[start : start + BLOCK] @ turned)
        keep_largest(cosines, count + 1)  # a name is its own nearest
        parts.append(cosines)
    return _with_itself(sp.csr_array(sp.vstack(parts, format="csr")))


def _above(names: Sequence[str], wordnet: WordNet) -> sp.csr_array:
    """`[names, synsets]`, unit rows: what lies above each name, near and telling synsets most."""
    column: dict[str, int] = {}
    shares: dict[tuple[int, int], float] = {}
    for row, name in enumerate(names):
        senses = wordnet.noun_of(name)
        for sense in senses:
            for synset, steps in wordnet.hypernym_distances(sense).items():
                key = row, column.setdefault(synset, len(column))
                shares[key] = shares.get(key, 0.0) + STEP**steps / len(senses)
    shape = (len(names), max(1, len(column)))
    places = np.array([*shares], dtype=np.int64).reshape(-1, 2).T
    matrix = sp.csr_array(sp.coo_array((np.array([*shares.values()]), tuple(places)), shape=shape))
    below = np.maximum(np.bincount(matrix.indices, minlength=shape[1]), 1)
    telling = sp.diags_array(np.log(len(names) / below))
    return sp.csr_array(normalize(sp.csr_array(matrix @ telling))).astype(np.float32)


def keep_largest(rows: sp.csr_array, count: int) -> None:
    """Drop all but the `count` largest entries of each row, in place."""
    for row in np.flatnonzero(np.diff(rows.indptr) > count):
        values = rows.data[rows.indptr[row] : rows.indptr[row + 1]]
        values[np.argpartition(values, -count)[:-count]] = 0.0
    rows.eliminate_zeros()


def _with_itself(similarity: sp.csr_array) -> sp.csr_array:
    size = similarity.shape[0]
    similarity = sp.csr_array(similarity)
    similarity.setdiag(0)
    scaled = normalize(similarity, norm="l1") + sp.eye_array(size, format="csr")
    return sp.csr_array(normalize(scaled, norm="l1")).astype(np.float32)
