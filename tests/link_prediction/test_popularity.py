from __future__ import annotations

import numpy as np
import pytest
import torch

from kgtransfer.embedding.kge.triples import Triples
from kgtransfer.link_prediction.popularity import Popularity, popularity_rows

# a and b like x, c likes y.
LINKS = np.array([[0, 0, 3], [1, 0, 3], [2, 0, 4]])


@pytest.fixture
def triples() -> Triples:
    none = np.empty((0, 3), dtype=np.int64)
    return Triples(tuple("abcxy"), ("likes",), LINKS, none, none)


def test_rows_count_what_links_lead_to_both_ways(triples):
    entities, relations = popularity_rows(triples)
    assert entities.tolist() == [[0, 1], [0, 1], [0, 1], [2, 0], [1, 0]]
    assert relations.tolist() == [[1, 0], [0, 1]]


def test_a_score_is_the_count_whatever_the_head(triples):
    entities, relations = popularity_rows(triples)
    score = Popularity()
    queries = score.queries(score.heads(entities[[0, 4]]), relations[[0, 0]])
    scores = score.compare(queries, score.keys(entities))
    assert scores.tolist() == [[0, 0, 0, 2, 1]] * 2
    assert torch.equal(scores, queries @ entities.T)
