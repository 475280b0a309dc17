"""Synthetic queries -> those that find the document again that they were written for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kgtransfer.retrieval.metrics import ranks_of

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["round_trip"]


def round_trip(
    queries: Tensor, documents: Tensor, offsets: npt.NDArray[np.int64], first: int
) -> npt.NDArray[np.bool_]:
    """Vectors of queries and documents -> whether each query ranks its own document high enough.

    A query that does not is likely to say nothing of its document, and to teach noise (round-trip
    consistency: Alberti et al., ACL 2019, arXiv 1906.05416; for retrieval Promptagator, arXiv
    2209.11755).

    Args:
        queries: unit vectors `[queries, width]` by the model before training.
        documents: unit vectors `[documents, width]`.
        offsets: document `i` owns queries `offsets[i]` up to `offsets[i + 1]`.
        first: the last rank that is high enough.
    """
    targets = np.repeat(np.arange(len(documents)), np.diff(offsets))
    return np.asarray(ranks_of((queries @ documents.T).numpy(), targets.tolist()) <= first)
