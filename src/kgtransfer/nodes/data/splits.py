"""Which nodes a model may learn from, and which it is tested on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.errors import DataError
from kgtransfer.experiments.choice import folds_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from kgtransfer.nodes.data.graph import NodeGraph

__all__ = ["FOLDS", "NodeSplit", "divided", "folds", "random_split", "split_per_class"]

FOLDS = 5
POOL = 0.5  # of the labelled nodes that belong to groups, from which seeds draw what they train on


@dataclass(frozen=True, eq=False)
class NodeSplit:
    """Labelled nodes in two parts.

    Attributes:
        train: nodes whose classes may be seen; whoever selects anything sets some of them aside.
        test: nodes that are scored once, ascending.
        labels: of each class that are trained on, where they were counted; None: a random share.
    """

    train: npt.NDArray[np.int64]
    test: npt.NDArray[np.int64]
    labels: int | None = None


def random_split(graph: NodeGraph, seed: int, share: float = 0.1) -> NodeSplit:
    """Graph and seed -> a random `share` of the labelled nodes to train on, the others to test on.

    Where a table says itself which rows are trained and tested on, these: seeds order them. Where
    rows belong to groups, the share is drawn of one part of the groups, and the rows of all others
    are the test of every seed; see `divided`.

    Classes are not balanced, as GraphControl's protocol has it: a rare one may be in one part only.

    Raises:
        DataError: a part would be empty, or training would see one class.
    """
    order = np.random.default_rng(seed).permutation(graph.labelled)
    count = int(len(order) * share)
    train, test = order[:count], np.sort(order[count:])
    own = _own_parts(graph, share)
    if own is not None:
        pool, test = order[own[order] == "train"], np.sort(order[own[order] == "test"])
        train = pool if graph.parts else pool[:count]
    if len(np.unique(graph.labels[train])) < 2 or not len(test):
        raise DataError(
            f"{graph.name}: {share:.0%} of {len(order)} labelled nodes are too few to train on",
            cure="label more nodes, or train on a larger share",
        )
    return NodeSplit(train, test)


def split_per_class(graph: NodeGraph, seed: int, labels: int, reserve: int = 0) -> NodeSplit:
    """Graph and seed -> `labels` random nodes of each class to train on, the others to test on.

    None of each class leaves nothing to train on.

    Where a table says itself which rows are trained and tested on, they are drawn from the first,
    and all of the second are tested on; where rows belong to groups, see `divided`. More labels of
    the same seed add to the fewer. Up to `reserve` nodes of each class stay out of the test, so
    that all numbers of labels up to it are tested on the same nodes.

    Raises:
        DataError: a class has fewer labelled nodes, or none is left to test on.
    """
    order = np.random.default_rng(seed).permutation(graph.labelled)
    own = _own_parts(graph)
    pool = order if own is None else order[own[order] == "train"]
    groups = [pool[graph.labels[pool] == c] for c in range(len(graph.classes))]
    scarce = [
        f"{name} ({len(group)})"
        for name, group in zip(graph.classes, groups, strict=True)
        if len(group) < labels
    ]
    if scarce:
        raise DataError(
            f"{graph.name}: fewer than {labels} labelled nodes "
            f"{'' if own is None else 'to train on '}in class {', '.join(scarce)}",
            cure="ask for fewer labels per class, or leave the class out",
        )
    train = np.concatenate([group[:labels] for group in groups])
    kept = np.concatenate([group[: max(labels, reserve)] for group in groups])
    test = np.setdiff1d(order, kept) if own is None else np.sort(order[own[order] == "test"])
    if not len(test):
        raise DataError(f"{graph.name}: no labelled node is left to test on")
    return NodeSplit(train, test, labels)


def _own_parts(graph: NodeGraph, share: float = POOL) -> npt.NDArray[np.str_] | None:
    """`train` or `test` of each node where the table or its groups say so; else None."""
    if graph.parts or not graph.sample_groups:
        return np.array(graph.parts) if graph.parts else None
    return np.where(divided(graph, share), "train", "test")


def divided(graph: NodeGraph, share: float = POOL) -> npt.NDArray[np.bool_]:
    """Graph whose nodes belong to groups -> which of them may be trained on, `[N]`.

    Whole groups, with at least half of all labelled nodes, the rest of which no seed tests on: the
    nodes that are tested on are the same for all seeds, so that a bootstrap draws them by groups.
    Each group, the largest first, goes where its classes are lacking most.

    Args:
        graph: with `sample_groups`.
        share: of the labelled nodes that has to be there to train on.

    Raises:
        DataError: there are fewer than two groups.
    """
    groups, rows = np.array(graph.sample_groups), graph.labelled
    named, group = np.unique(groups[rows], return_inverse=True)
    if len(named) < 2:
        raise DataError(
            f"{graph.name}: all labelled rows belong to one group: none is left to test on",
            cure='name another column: [data] group = "..."',
        )
    counts = np.zeros((len(named), len(graph.classes) + 1))
    np.add.at(counts, (group, graph.labels[rows]), 1)
    counts[:, -1] = counts.sum(axis=1)  # all classes together
    shares = np.array([[max(share, POOL)], [1 - max(share, POOL)]])
    wanted = shares * counts.sum(axis=0)  # [parts, classes + 1]
    lacking, part = wanted.copy(), np.zeros(len(named), dtype=np.int64)
    for one in np.argsort(-counts[:, -1], kind="stable"):
        part[one] = np.argmax(lacking / np.maximum(wanted, 1e-9) @ counts[one])
        lacking[part[one]] -= counts[one]
    return np.isin(groups, named[part == 0])


def folds(
    labels: npt.NDArray[np.int64],
    train: npt.NDArray[np.int64],
    seed: int,
    count: int = FOLDS,
    groups: Sequence[int] = (),
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Training nodes -> parts to fit on and to select on; each node is selected on once.

    Every class is spread over the folds, so that a class of two nodes or more is always fitted on,
    unless groups are in the way.

    Args:
        labels: `[N]`, class of each node.
        train: the training nodes.
        seed: of the order within classes.
        count: of folds.
        groups: `[N]`, of each node, that no fold divides; none by default.
    """
    if len(groups):
        strata, own = labels[train].tolist(), np.array(groups)[train].tolist()
        parts = folds_of(len(train), strata=strata, groups=own, seed=seed)
        yield from ((train[fitted], train[held]) for fitted, held in parts)
        return
    order = np.random.default_rng((seed, 5)).permutation(train)
    order = order[np.argsort(labels[order], kind="stable")]
    fold = np.arange(len(order)) % count
    for held in range(count):
        yield order[fold != held], order[fold == held]
