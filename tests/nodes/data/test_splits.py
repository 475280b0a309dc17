"""Splits: sizes, seeds, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.errors import DataError
from kgtransfer.nodes.data.graph import NodeGraph
from kgtransfer.nodes.data.splits import folds, random_split, split_per_class


def graph(labels: list[int]) -> NodeGraph:
    count = max(labels) + 1
    names = tuple(f"class {c}" for c in range(count))
    empty = np.zeros((2, 0), dtype=np.int64)
    return NodeGraph("toy", len(labels), empty, np.array(labels), names)


def test_a_tenth_is_trained_on_and_the_rest_tested() -> None:
    toy = graph([0, 1] * 50 + [-1] * 20)
    split = random_split(toy, seed=3)
    assert (len(split.train), len(split.test)) == (10, 90)
    assert set(split.train) | set(split.test) == set(range(100))
    assert random_split(toy, seed=3).train.tolist() == split.train.tolist()
    assert random_split(toy, seed=4).train.tolist() != split.train.tolist()


def test_labels_per_class() -> None:
    split = split_per_class(graph([0] * 9 + [1] * 4 + [-1]), seed=0, labels=3)
    assert np.sort(split.train // 9).tolist() == [0, 0, 0, 1, 1, 1]
    assert len(split.test) == 7


def test_numbers_of_labels_share_a_test() -> None:
    toy = graph([0] * 9 + [1] * 4)
    one, three = (split_per_class(toy, seed=0, labels=n, reserve=3) for n in (1, 3))
    assert one.test.tolist() == three.test.tolist()
    assert set(one.train) < set(three.train)
    assert (one.labels, len(one.train), len(one.test)) == (1, 2, 7)


@pytest.mark.parametrize("seed", range(3))
def test_folds_hold_each_node_once_and_fit_every_class(seed: int) -> None:
    labels = np.array([0] * 20 + [1] * 2 + [2] * 9)
    train, held = np.arange(31), []
    for fitted, selected in folds(labels, train, seed):
        assert set(fitted) | set(selected) == set(train)
        assert set(labels[fitted]) == {0, 1, 2}
        held += selected.tolist()
    assert sorted(held) == train.tolist()


def test_too_few_labels_are_refused() -> None:
    with pytest.raises(DataError, match="too few to train on"):
        random_split(graph([0, 1] * 5), seed=0)
    with pytest.raises(DataError, match=r"class 1 \(1\)"):
        split_per_class(graph([0] * 9 + [1]), seed=0, labels=2)
    with pytest.raises(DataError, match="no labelled node is left"):
        split_per_class(graph([0, 1]), seed=0, labels=1)
