"""Attributes as concepts: what marks a class, what names say of a node."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
import torch

from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.nodes.attributes.knowledge import (
    AttributeKnowledge,
    class_prior,
    marking_attributes,
    weighted_meaning,
)
from kgtransfer.nodes.attributes.similarity import co_occurrence
from kgtransfer.nodes.data.graph import NodeGraph

# Nodes 0-9 have the attributes 0 and 1, nodes 10-19 have 2 and 3; 4 is everywhere.
DENSE = np.zeros((20, 5), dtype=np.float32)
DENSE[:10, :2], DENSE[10:, 2:4], DENSE[:, 4] = 1, 1, 1
ROWS = sp.csr_array(DENSE)


def test_what_marks_a_class_is_counted_on_training_nodes() -> None:
    labels = np.array([0] * 10 + [1] * 10)
    train = np.array([0, 1, 2, 10, 11, 12])
    assert set(marking_attributes(ROWS, labels, train)) == {(0, 0), (1, 0), (2, 1), (3, 1)}
    hidden = labels.copy()
    hidden[[5, 15]] = 1, 0
    assert marking_attributes(ROWS, hidden, train) == marking_attributes(ROWS, labels, train)


def test_names_tell_classes_without_a_label() -> None:
    vectors = np.array([[1, 0], [1, 0.2], [0, 1], [0.2, 1], [1, 1]], dtype=np.float32)
    meaning, mean = weighted_meaning(ROWS, vectors)
    prior = class_prior(meaning, np.array([[1, 0], [0, 1]], dtype=np.float32), mean)
    assert prior.argmax(axis=1).tolist() == [0] * 10 + [1] * 10
    assert np.allclose(prior.mean(axis=0), 0, atol=1e-5)


def test_concepts_that_were_not_selected_say_nothing_and_the_placebo_is_a_permutation() -> None:
    empty = np.zeros((2, 0), dtype=np.int64)
    graph = NodeGraph("toy", 20, empty, np.zeros(20, dtype=np.int64), ("a", "b"), ROWS)
    iris = ("x:0", "x:2", "x:a", "x:b")
    rows = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    concepts = ConceptEmbeddings(iris, rows, {"text": (0, 2)})
    knowledge = AttributeKnowledge.of(graph, {"x:0": 0, "x:2": 2}, ("x:a", "x:b"), concepts)
    assert knowledge.vectors is not None
    assert knowledge.classes is not None
    assert knowledge.vectors.tolist() == [[1, 0], [0.5, 0.5], [0, 1], [0.5, 0.5], [0.5, 0.5]]
    shuffled = knowledge.shuffled(1)
    assert shuffled.vectors is not None
    assert sorted(shuffled.vectors.tolist()) == sorted(knowledge.vectors.tolist())
    assert np.allclose(np.sort(shuffled.related.data), np.sort(knowledge.related.data))
    bare = AttributeKnowledge.of(graph, {}, (), None)
    assert bare.vectors is bare.classes is None
    assert (bare.related != co_occurrence(ROWS)).nnz == 0
