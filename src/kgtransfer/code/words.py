"""Documents by their words: BM25 over code, and over code in its context."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.code.graphs.api import readable
from kgtransfer.retrieval.bm25 import Bm25, WordCounts
from kgtransfer.retrieval.context_gate import context_gate_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    from torch import nn

__all__ = ["DocumentWords", "context_share", "word_counts"]


class DocumentWords:
    """BM25 of documents, which the words of their contexts may expand.

    (Expanding documents before they are indexed: doc2query, arXiv 1904.08375.)

    Args:
        codes: of the documents.
        contexts: the same documents in their contexts; empty where none are read.
        counts: of the words of texts that are known already.
    """

    def __init__(
        self, codes: Sequence[str], contexts: Sequence[str] = (), counts: WordCounts | None = None
    ) -> None:
        counts = counts or word_counts()
        self.code = Bm25(codes, counts)
        self.contexts = Bm25(contexts, counts) if contexts else None

    def scores(self, queries: Sequence[str], share: float = 0.0) -> npt.NDArray[np.float64]:
        """BM25 of every query with every document, `[queries, documents]`.

        Args:
            queries: plain words.
            share: of the documents in their contexts; 0: the code alone.
        """
        plain = self.code.scores(queries)
        if self.contexts is None or not share:
            return plain
        return plain + share * (self.contexts.scores(queries) - plain)


def context_share(model: nn.Module) -> float:
    """How far a model's gate moves documents to their contexts, from 0 to 1."""
    return min(1.0, max(0.0, context_gate_of(model).gate.item()))


def word_counts() -> WordCounts:
    """Counts of the words of code, none counted yet."""
    return WordCounts(_words)


def _words(text: str) -> list[str]:
    """Split at underscores and capitals, or words of a query never meet those of a name."""
    return readable(text).split()
