"""Cosines and BM25 of the same queries and documents -> one score."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

__all__ = ["fused"]

FloatArray = npt.NDArray[np.float64]


def fused(cosines: npt.ArrayLike, lexical: npt.ArrayLike, weight: float) -> FloatArray:
    """Cosines and BM25, both `[queries, documents]` -> their sum, BM25 in units of the cosines.

    Each query's BM25 is standardised over the documents and given the spread of its cosines, so
    that a weight means the same for short and long queries; where no word occurs it adds nothing.
    (A weighted sum after standardising does better than reciprocal ranks: Bruch et al., TOIS 2023,
    arXiv 2210.11934.)

    Args:
        cosines: of the encoder.
        lexical: BM25.
        weight: of BM25; 0: the cosines alone, infinite: BM25 alone.
    """
    dense, words = (np.asarray(scores, dtype=np.float64) for scores in (cosines, lexical))
    if math.isinf(weight):
        return words
    spread = words.std(axis=1, keepdims=True)
    standard = (words - words.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1.0)
    total: FloatArray = dense + weight * dense.std(axis=1, keepdims=True) * standard
    return total
