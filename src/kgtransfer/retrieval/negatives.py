"""Scores of the current model -> negatives: hard ones, mixed with random ones.

The mixture of relevancy and diversity is RAPID's (Fan et al., TOSEM 33(5), 2024); dropping
candidates that score almost as high as the positive is GPL's and NV-Retriever's guard against
false negatives (arXiv 2112.07577, 2407.15831).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["mixed_negatives"]

FIRST_RANK, LAST_RANK = 10, 50
FALSE_NEGATIVE = 0.95  # of the positive's score
HARD_SHARE = 0.5

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]


def mixed_negatives(scores: FloatArray, positives: IntArray, rng: np.random.Generator) -> IntArray:
    """Scores -> one negative document a query: half from ranks 10 to 50, half from anywhere.

    Args:
        scores: of the current model, `[queries, documents]`.
        positives: column of each query's own document.
        rng: source of the draws.

    Returns:
        A column a query, never the query's own document where there is another.
    """
    queries, documents = scores.shape
    everyone = np.arange(queries)
    own = scores[everyone, positives]
    allowed = np.where(scores > FALSE_NEGATIVE * own[:, None], -np.inf, scores)
    candidates = np.isfinite(allowed).sum(axis=1)
    last = np.clip(candidates, 1, LAST_RANK)
    first = np.minimum(FIRST_RANK - 1, last - 1)
    hard = np.argsort(-allowed, axis=1)[everyone, rng.integers(first, last)]
    shift = rng.integers(1, max(2, documents), queries)
    anywhere = (positives + shift) % documents
    take_hard = (candidates > 0) & (rng.random(queries) < HARD_SHARE)
    chosen: IntArray = np.where(take_hard, hard, anywhere).astype(np.int64)
    return chosen
