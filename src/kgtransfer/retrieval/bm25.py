"""Texts of queries and documents -> BM25, the lexical baseline of retrieval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

__all__ = ["Bm25", "bm25_scores"]

K1, B = 1.2, 0.75


class Bm25:
    """Documents, ready to be ranked by BM25 (Robertson & Zaragoza, 2009).

    Args:
        documents: texts.
        words: text -> its words.
    """

    def __init__(
        self, documents: Sequence[str], words: Callable[[str], Sequence[str]] = str.split
    ) -> None:
        from scipy.sparse import csr_matrix
        from sklearn.feature_extraction.text import CountVectorizer

        self.counter = CountVectorizer(analyzer=words)
        counts = self.counter.fit_transform(documents).tocsr().astype(np.float64)
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        present = np.asarray((counts > 0).sum(axis=0)).ravel()
        idf = np.log(1 + (len(documents) - present + 0.5) / (present + 0.5))
        damping = K1 * (1 - B + B * lengths / lengths.mean())
        entries = counts.tocoo()
        weights = idf[entries.col] * entries.data * (K1 + 1) / (entries.data + damping[entries.row])
        self.weights = csr_matrix((weights, (entries.col, entries.row)), shape=counts.shape[::-1])

    def scores(self, queries: Sequence[str]) -> npt.NDArray[np.float64]:
        """BM25 of every query with every document, `[queries, documents]`."""
        occurs = (self.counter.transform(queries) > 0).astype(np.float64)
        scores: npt.NDArray[np.float64] = (occurs @ self.weights).toarray()
        return scores


def bm25_scores(
    queries: Sequence[str],
    documents: Sequence[str],
    words: Callable[[str], Sequence[str]] = str.split,
) -> npt.NDArray[np.float64]:
    """Queries and documents -> BM25 of every query with every document, `[queries, documents]`."""
    return Bm25(documents, words).scores(queries)
