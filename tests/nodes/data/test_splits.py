"""Splits: sizes, seeds, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kgtransfer.errors import DataError
from kgtransfer.nodes.data.graph import NodeGraph
from kgtransfer.nodes.data.splits import divided, folds, random_split, split_per_class


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


def grouped(labels: list[int], groups: list[int]) -> NodeGraph:
    return replace(graph(labels), sample_groups=tuple(groups))


def test_groups_are_whole_and_all_seeds_test_on_the_same_ones() -> None:
    toy = grouped([0, 1] * 30, [row // 6 for row in range(60)])  # ten patients of six rows
    splits = [random_split(toy, seed, share=0.2) for seed in range(4)]
    for split in splits:
        assert (len(split.train), len(split.test)) == (12, 30)
        assert not {row // 6 for row in split.train} & {row // 6 for row in split.test}
        assert split.test.tolist() == splits[0].test.tolist()
    assert sorted(splits[0].train) != sorted(splits[1].train)
    assert len(random_split(toy, 0, share=0.8).train) == 48
    few = split_per_class(toy, 1, labels=3, reserve=5)
    assert np.bincount(toy.labels[few.train]).tolist() == [3, 3]
    assert few.test.tolist() == splits[0].test.tolist()


def test_parts_of_groups_have_their_share_of_each_class() -> None:
    sizes = [8, 4, 4, 2, 2]  # of the groups of each class
    groups = [number for number, size in enumerate(2 * sizes) for _ in range(size)]
    toy = grouped([0] * 20 + [1] * 20, groups)
    pool = divided(toy)
    assert np.bincount(toy.labels[pool]).tolist() == [10, 10]
    assert len({*np.array(groups)[pool]} & {*np.array(groups)[~pool]}) == 0


def test_groups_that_leave_nothing_to_learn_or_to_test_are_refused() -> None:
    with pytest.raises(DataError, match="all labelled rows belong to one group"):
        random_split(grouped([0, 1, 0, 1, -1, -1], [7, 7, 7, 7, 8, 9]), seed=0, share=0.5)
    with pytest.raises(DataError, match="too few to train on"):  # a group is a class
        random_split(grouped([0, 1] * 10, [0, 1] * 10), seed=0, share=0.5)
    with pytest.raises(DataError, match=r"fewer than 1 labelled nodes to train on in class class"):
        split_per_class(grouped([0, 1] * 10, [0, 1] * 10), seed=0, labels=1)


def test_folds_do_not_divide_groups() -> None:
    labels, groups = np.array([0, 1] * 30), [row // 6 for row in range(60)]
    train, held = np.arange(12, 60), []
    parts = list(folds(labels, train, seed=1, groups=groups))
    assert len(parts) == 5
    for fitted, selected in parts:
        assert not {row // 6 for row in fitted} & {row // 6 for row in selected}
        held += selected.tolist()
    assert sorted(held) == train.tolist()
