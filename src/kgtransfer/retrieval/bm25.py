"""Texts of queries and documents -> BM25, the lexical baseline of retrieval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["bm25_scores"]

K1, B = 1.2, 0.75


def bm25_scores(
    queries: Sequence[str],
    documents: Sequence[str],
    words: Callable[[str], Sequence[str]] = str.split,
) -> npt.NDArray[np.float64]:
    """Queries and documents -> BM25 of every query with every document, `[queries, documents]`.

    Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009.

    Args:
        queries: texts.
        documents: texts.
        words: text -> its words.
    """
    counter = CountVectorizer(analyzer=words)
    counts = counter.fit_transform(documents).tocsr().astype(np.float64)
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    present = np.asarray((counts > 0).sum(axis=0)).ravel()
    idf = np.log(1 + (len(documents) - present + 0.5) / (present + 0.5))

    damping = K1 * (1 - B + B * lengths / lengths.mean())
    entries = counts.tocoo()
    weights = idf[entries.col] * entries.data * (K1 + 1) / (entries.data + damping[entries.row])
    table = csr_matrix((weights, (entries.row, entries.col)), shape=counts.shape)
    occurs = (counter.transform(queries) > 0).astype(np.float64)
    scores: npt.NDArray[np.float64] = (occurs @ table.T).toarray()
    return scores
