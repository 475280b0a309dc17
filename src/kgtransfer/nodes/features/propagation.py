"""What a node's attributes say, as numbers that can condition: kernels, spectra, propagation.

Everything is sparse, blocked or iterative; no matrix of nodes by nodes is ever dense.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import eigsh
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

from kgtransfer.errors import ConfigError
from kgtransfer.nodes.attributes.similarity import keep_largest

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = [
    "factors",
    "propagated",
    "similarity_graph",
    "smoother",
    "spectral_condition",
    "unit_rows",
    "weighted",
]

Floats = "npt.NDArray[np.float32]"
COLUMNS = 64  # columns that are propagated at once: what a million nodes hold stays small
SEEN = 200_000  # rows whose directions stand for those of all
HOPS = 10  # steps of a propagation; after them 0.9^10 of the start is still on its way at most


def unit_rows(rows: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """Rows of length 1, float32; zero rows stay."""
    return cast("npt.NDArray[np.float32]", normalize(rows).astype(np.float32, copy=False))


def weighted(attributes: sp.csr_array) -> sp.csr_array:
    """Attributes `[N, D]` -> their presence, weighted by rarity (TF-IDF), rows of length 1.

    Negative values have no frequency: matrices that hold any are only scaled.
    """
    if attributes.nnz and attributes.data.min() < 0:
        return sp.csr_array(normalize(attributes))
    present = attributes.copy()
    present.data = np.ones_like(present.data)
    return sp.csr_array(TfidfTransformer().fit_transform(present).astype(np.float32))


def factors(
    matrix: sp.csr_array, dim: int, seed: int = 0, *, dense_from: float = 1.0
) -> npt.NDArray[np.float32]:
    """Matrix -> its truncated SVD, `[rows, min(dim, columns, rows - 1)]`, rows of length 1.

    By random projections (Halko et al., 2011). Up to `dim` columns stay as they are; a single one
    gets its complement, or rows of length 1 would hide it. The directions of more rows than `SEEN`
    are those of a random part of them.

    Args:
        matrix: of rows.
        dim: factors that are kept.
        seed: of the projections.
        dense_from: share of entries above which it is read as a dense matrix: several times as
            fast, and the same but for the order of sums.
    """
    rows, columns = matrix.shape
    if columns <= dim:
        dense = matrix.toarray()
        return unit_rows(np.hstack([dense, 1 - np.abs(dense)]) if columns == 1 else dense)
    width = max(1, min(dim, rows - 1))
    if not matrix.nnz:
        return np.zeros((rows, width), dtype=np.float32)
    svd = TruncatedSVD(width, random_state=seed)
    if rows <= SEEN:
        is_dense = bool(matrix.nnz > dense_from * rows * columns)
        return unit_rows(svd.fit_transform(matrix.toarray() if is_dense else matrix))
    part = np.sort(np.random.default_rng(seed).permutation(rows)[:SEEN])
    return unit_rows(svd.fit(matrix[part]).transform(matrix))


def smoother(adjacency: sp.csr_array) -> sp.csr_array:
    """Adjacency A -> P = D^-1/2 (A + I) D^-1/2, D of A + I (Kipf & Welling, ICLR 2017)."""
    size = adjacency.shape[0]
    with_loops = sp.csr_array(adjacency + sp.eye_array(size, dtype=np.float32, format="csr"))
    scale = 1.0 / np.sqrt(with_loops.sum(axis=1))
    diagonal = sp.diags_array(scale.astype(np.float32))
    return sp.csr_array(diagonal @ with_loops @ diagonal)


def propagated(
    operator: sp.csr_array, rows: npt.NDArray[np.float32], teleport: float, hops: int = HOPS
) -> npt.NDArray[np.float32]:
    """Rows -> their personalised PageRank over a graph (Gasteiger et al., ICLR 2019).

        h <- (1 - teleport) P h + teleport x,   h = x at first

    Args:
        operator: P, `[N, N]`.
        rows: x, `[N, d]`.
        teleport: share of itself that a node keeps at each step; 1 returns x.
        hops: how far news travels.
    """
    result = np.empty(rows.shape, dtype=np.float32)
    for start in range(0, rows.shape[1], COLUMNS):
        part = np.ascontiguousarray(rows[:, start : start + COLUMNS], dtype=np.float32)
        news = part
        for _ in range(hops if teleport < 1 else 0):
            news = operator @ news
            news *= 1 - teleport
            news += teleport * part
        result[:, start : start + COLUMNS] = news
    return result


def similarity_graph(
    attributes: sp.csr_array,
    *,
    threshold: float | None = None,
    top_k: int | None = None,
    block: int = 1024,
) -> sp.csr_array:
    """Attributes `[N, D]` -> which nodes are alike: `[N, N]`, 0 and 1, symmetric, zero diagonal.

    Args:
        attributes: `[N, D]`; by their cosines, block by block.
        threshold: join all pairs whose cosine is larger (GraphControl, arXiv 2310.07365).
        top_k: join each node with its k nearest instead: the mean degree is k to 2k whatever the
            data, where one threshold gives 50 on one graph and 6,000 on another.
        block: rows of cosines held at once.

    Raises:
        ConfigError: neither or both ways are asked for.
    """
    if (threshold is None) == (top_k is None):
        raise ConfigError("a similarity graph takes a threshold or top_k, one of them")
    unit = sp.csr_array(normalize(attributes))
    turned = sp.csr_array(unit.T)
    parts = []
    for start in range(0, unit.shape[0], block):
        cosines = sp.csr_array(unit[start : start + block] @ turned)
        if threshold is not None:
            cosines.data = np.where(cosines.data > threshold, 1.0, 0.0).astype(np.float32)
        else:
            keep_largest(cosines, cast(int, top_k) + 1)  # a node is its own nearest
        cosines.eliminate_zeros()
        parts.append(cosines)
    joined = sp.csr_array(sp.vstack(parts, format="csr"))
    joined.setdiag(0)
    joined.eliminate_zeros()
    both = sp.csr_array(joined.maximum(joined.T))
    both.data = np.ones_like(both.data, dtype=np.float32)
    return both


def spectral_condition(
    similarity: sp.csr_array, dim: int = 32, seed: int = 0
) -> npt.NDArray[np.float32]:
    """Similarity graph `[N, N]` -> where each node stands in it, `[N, dim]`.

    GraphControl's condition: the eigenvectors of L' = I - D'^-1/2 A' D'^-1/2 with the smallest
    eigenvalues, by Lanczos; rows of length 1. A node without a similar one counts as degree 1, as
    in the public code.
    """
    size = similarity.shape[0]
    condition = np.zeros((size, dim), dtype=np.float32)
    if not similarity.nnz:
        return condition
    scale = 1.0 / np.sqrt(np.maximum(similarity.sum(axis=1), 1.0))
    diagonal = sp.diags_array(scale)
    operator = sp.csr_array(diagonal @ similarity @ diagonal).astype(np.float64)
    count = min(dim, size - 2)
    start = np.random.default_rng(seed).standard_normal(size)
    values, vectors = eigsh(operator, k=count, which="LA", v0=start, tol=1e-4)
    order = np.argsort(-values)
    condition[:, :count] = vectors[:, order]
    return unit_rows(condition)
