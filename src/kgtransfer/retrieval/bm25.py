"""Texts of queries and documents -> BM25, the lexical baseline of retrieval."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt
    from scipy.sparse import csr_matrix

__all__ = ["Bm25", "WordCounts"]

K1, B = 1.2, 0.75


class WordCounts:
    """Texts -> how often each word occurs, each text counted once.

    Args:
        words: text -> its words.
    """

    def __init__(self, words: Callable[[str], Sequence[str]] = str.split) -> None:
        self.words = words
        self.columns: dict[str, int] = {}  # of the words seen so far
        self._counted: dict[str, tuple[list[int], list[int]]] = {}

    def __call__(self, texts: Sequence[str]) -> csr_matrix:
        """Counts `[texts, words]`, a column for each word that any text so far has."""
        from scipy.sparse import csr_matrix

        rows = [self._counted.get(text) or self._count(text) for text in texts]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = np.array(list(chain.from_iterable(row for row, _ in rows)), np.int64)
        counts = np.array(list(chain.from_iterable(row for _, row in rows)), np.float64)
        return csr_matrix((counts, columns, ends), shape=(len(texts), len(self.columns)))

    def known(self, text: str, width: int) -> list[int]:
        """The columns, among the first `width`, of the words that occur in a text."""
        columns = {self.columns.get(word, width) for word in self.words(text)}
        return sorted(column for column in columns if column < width)

    def _count(self, text: str) -> tuple[list[int], list[int]]:
        counts = Counter(self.words(text))
        columns = [self.columns.setdefault(word, len(self.columns)) for word in counts]
        self._counted[text] = columns, list(counts.values())
        return self._counted[text]


class Bm25:
    """Documents, ready to be ranked by BM25 (Robertson & Zaragoza, 2009).

    Args:
        documents: texts, one at the least.
        words: text -> its words; or counts, which know texts of before.
    """

    def __init__(
        self,
        documents: Sequence[str],
        words: Callable[[str], Sequence[str]] | WordCounts = str.split,
    ) -> None:
        from scipy.sparse import csr_matrix

        self.counts = words if isinstance(words, WordCounts) else WordCounts(words)
        counts = self.counts(documents)
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        present = np.asarray((counts > 0).sum(axis=0)).ravel()
        idf = np.log(1 + (len(documents) - present + 0.5) / (present + 0.5))
        damping = K1 * (1 - B + B * lengths / (lengths.mean() or 1.0))
        entries = counts.tocoo()
        weights = idf[entries.col] * entries.data * (K1 + 1) / (entries.data + damping[entries.row])
        self.weights = csr_matrix((weights, (entries.col, entries.row)), shape=counts.shape[::-1])

    def scores(self, queries: Sequence[str]) -> npt.NDArray[np.float64]:
        """BM25 of every query with every document, `[queries, documents]`."""
        from scipy.sparse import csr_matrix

        width = self.weights.shape[0]
        known = [self.counts.known(query, width) for query in queries]
        ends = np.cumsum([0, *map(len, known)])
        columns = np.array(list(chain.from_iterable(known)), np.int64)
        shape = (len(queries), width)
        occurs = csr_matrix((np.ones(len(columns)), columns, ends), shape=shape)
        scores: npt.NDArray[np.float64] = (occurs @ self.weights).toarray()
        return scores
