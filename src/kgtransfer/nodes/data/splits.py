"""Which nodes a model may learn from, and which it is tested on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from kgtransfer.nodes.data.graph import NodeGraph

__all__ = ["FOLDS", "NodeSplit", "folds", "random_split", "split_per_class"]

FOLDS = 5


@dataclass(frozen=True, eq=False)
class NodeSplit:
    """Labelled nodes in two parts.

    Attributes:
        train: nodes whose classes may be seen; whoever selects anything sets some of them aside.
        test: nodes that are scored once, ascending.
        labels: of each class that are trained on, where they were counted; 0: a random share.
    """

    train: npt.NDArray[np.int64]
    test: npt.NDArray[np.int64]
    labels: int = 0


def random_split(graph: NodeGraph, seed: int, share: float = 0.1) -> NodeSplit:
    """Graph and seed -> a random `share` of the labelled nodes to train on, the others to test on.

    Classes are not balanced, as GraphControl's protocol has it: a rare one may be in one part only.

    Raises:
        DataError: a part would be empty, or training would see one class.
    """
    order = np.random.default_rng(seed).permutation(graph.labelled)
    count = int(len(order) * share)
    train, test = order[:count], np.sort(order[count:])
    if len(np.unique(graph.labels[train])) < 2 or not len(test):
        raise DataError(
            f"{graph.name}: {share:.0%} of {len(order)} labelled nodes are too few to train on",
            cure="label more nodes, or train on a larger share",
        )
    return NodeSplit(train, test)


def split_per_class(graph: NodeGraph, seed: int, labels: int, reserve: int = 0) -> NodeSplit:
    """Graph and seed -> `labels` random nodes of each class to train on, the others to test on.

    More labels of the same seed add to the fewer. Up to `reserve` nodes of each class stay out of
    the test, so that all numbers of labels up to it are tested on the same nodes.

    Raises:
        DataError: a class has fewer labelled nodes, or none is left to test on.
    """
    order = np.random.default_rng(seed).permutation(graph.labelled)
    groups = [order[graph.labels[order] == c] for c in range(len(graph.classes))]
    scarce = [
        f"{name} ({len(group)})"
        for name, group in zip(graph.classes, groups, strict=True)
        if len(group) < labels
    ]
    if scarce:
        raise DataError(
            f"{graph.name}: fewer than {labels} labelled nodes in class {', '.join(scarce)}",
            cure="ask for fewer labels per class, or leave the class out",
        )
    train = np.concatenate([group[:labels] for group in groups])
    kept = np.concatenate([group[: max(labels, reserve)] for group in groups])
    test = np.setdiff1d(order, kept)
    if not len(test):
        raise DataError(f"{graph.name}: no labelled node is left to test on")
    return NodeSplit(train, test, labels)


def folds(
    labels: npt.NDArray[np.int64], train: npt.NDArray[np.int64], seed: int, count: int = FOLDS
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Training nodes -> parts to fit on and to select on; each node is selected on once.

    Every class is spread over the folds, so that a class of two nodes or more is always fitted on.

    Args:
        labels: `[N]`, class of each node.
        train: the training nodes.
        seed: of the order within classes.
        count: of folds.
    """
    order = np.random.default_rng((seed, 5)).permutation(train)
    order = order[np.argsort(labels[order], kind="stable")]
    fold = np.arange(len(order)) % count
    for held in range(count):
        yield order[fold != held], order[fold == held]
