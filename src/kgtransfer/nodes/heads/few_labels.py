"""Heads for few labels: settings that are fixed, and the one choice that very few labels allow.

What each rule gives on small graphs stands in `benchmarks/results/small_graphs.json`, what was
tried in docs/experiments.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.nodes.heads.head import HeadSettings, NodeHead, fit_softmax
from kgtransfer.nodes.heads.selection import Validation

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.nodes.heads.head import Blocks, Fit

__all__ = ["choose_range", "fixed_settings", "prior_alone"]

#: Block -> strength, the first one that there is; those of a table's rows come before.
FIXED = {"propagated .1": 160.0, "structure": 3.0, "two hops": 160.0, "descriptors": 10.0}
RANGES = ("four hops",)  # what may stand for two hops in a small graph
ROWS, ROW_STRENGTH = ("columns", "text"), 10.0


def fixed_settings(blocks: Blocks) -> HeadSettings:
    """Blocks -> gates and strength for labels too few to choose by.

    Of a table's rows columns and text together, its words where it has neither; over a graph as
    they come by personalised PageRank, for the linear baseline by two hops.
    """
    for way in (" propagated .1", " two hops", ""):
        names = [name + way for name in ROWS if name + way in blocks]
        names = names or [name for name in (f"words{way}",) if name in blocks]
        if names:
            return HeadSettings(dict.fromkeys(names, 1.0), ROW_STRENGTH)
    name = next(name for name in FIXED if name in blocks)
    return HeadSettings({name: 1.0}, FIXED[name])


def choose_range(
    blocks: Blocks,
    labels: npt.NDArray[np.int64],
    train: npt.NDArray[np.int64],
    classes: int,
    *,
    seed: int,
    fit: Fit = fit_softmax,
) -> HeadSettings:
    """Attributes over several ranges of a small graph -> the one that the linear baseline reads.

    Another one stands for it only where held-out labels gain more than a standard error by it: so
    what is learned on top costs nothing. Args as for `choose_gates`.
    """
    counts = np.bincount(labels[train], minlength=classes)
    told = train[counts[labels[train]] > 1]  # a class of one label is never held out and fitted
    best = HeadSettings({"two hops": 1.0}, FIXED["two hops"])
    if not len(told):
        return best
    check = Validation(blocks, labels, told, classes, seed, None, fit)
    for name in RANGES:
        other = HeadSettings({name: 1.0}, FIXED["two hops"])
        best = other if check.gains(other, best) else best
    return best


def prior_alone(classes: int, weight: float) -> NodeHead:
    """A head that learns nothing: the prior decides, with a weight lambda."""
    return NodeHead(HeadSettings(), np.zeros((1, classes), dtype=np.float32), weight)
