"""Which attributes are close: by vectors, by the nodes that have both, by WordNet."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from kgtransfer.knowledge.wordnet import WordNet
from kgtransfer.nodes.attributes.similarity import co_occurrence, nearest, shared_hypernyms

# Nodes 0-9 have the attributes 0 and 1, nodes 10-19 have 2 and 3; 4 is everywhere.
DENSE = np.zeros((20, 5), dtype=np.float32)
DENSE[:10, :2], DENSE[10:, 2:4], DENSE[:, 4] = 1, 1, 1
ROWS = sp.csr_array(DENSE)


def test_what_occurs_together() -> None:
    similarity = co_occurrence(ROWS).toarray()
    assert np.allclose(similarity.sum(axis=1), 1)
    assert similarity[0].tolist() == [0.5, 0.5, 0, 0, 0]
    assert similarity[4].tolist() == [0, 0, 0, 0, 1]


def test_dense_and_sparse_counts_are_the_same() -> None:
    among_many = sp.csr_array(np.hstack([DENSE, np.zeros((20, 95), dtype=np.float32)]))
    similarity = co_occurrence(among_many).toarray()
    assert np.array_equal(similarity[:5, :5], co_occurrence(ROWS).toarray())


def test_nearest_vectors() -> None:
    vectors = np.array([[1, 0], [1, 0.1], [0, 1], [0.1, 1]], dtype=np.float32)
    similarity = nearest(vectors, count=1).toarray()
    assert similarity[0].tolist() == [0.5, 0.5, 0, 0]
    assert similarity[3].tolist() == [0, 0, 0.5, 0.5]


WORDNET = WordNet(
    {"dog": ("canine",), "wolf": ("canine",), "canine": ("animal",), "fern": ("plant",)},
    {"dog": ("dog",), "wolf": ("wolf",), "fern": ("fern",)},
)


def test_names_with_the_same_above_them_are_close() -> None:
    names = ["wild dogs", "grey wolf", "fern", "of no noun"]
    similarity = shared_hypernyms(names, WORDNET, count=1).toarray()
    assert np.allclose(similarity.sum(axis=1), 1)
    assert similarity[0].tolist() == [0.5, 0.5, 0, 0]
    assert similarity[2].tolist() == [0, 0, 1, 0]
    assert similarity[3].tolist() == [0, 0, 0, 1]
    assert shared_hypernyms(["none"], WORDNET).toarray().tolist() == [[1]]
