"""Queries that find their own document again stay."""

from __future__ import annotations

import numpy as np
import torch

from kgtransfer.retrieval.round_trip import round_trip

DOCUMENTS = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
QUERIES = torch.tensor([[0.9, 0.1], [0.1, 0.9], [0.0, 1.0], [0.9, 0.1]])
OFFSETS = np.array([0, 2, 3, 4])  # the first document owns two queries


def test_a_query_stays_that_ranks_its_own_document_high_enough() -> None:
    assert round_trip(QUERIES, DOCUMENTS, OFFSETS, 1).tolist() == [True, False, True, False]
    assert round_trip(QUERIES, DOCUMENTS, OFFSETS, 2).tolist() == [True, True, True, False]
    assert round_trip(QUERIES, DOCUMENTS, OFFSETS, 3).tolist() == [True] * 4
