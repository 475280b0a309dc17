"""Splits of data sets that come without one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kgtransfer.data.images import Images

__all__ = ["with_splits"]

SHARES = {"train": 0.6, "val": 0.1, "test": 0.3}


def with_splits(images: Images, *, seed: int = 0) -> Images:
    """The data set with a column `split`: its own, or one drawn by class, 60 : 10 : 30.

    Args:
        images: of any data set.
        seed: of the draw.
    """
    if "split" in images.columns:
        return images
    random = np.random.default_rng(seed)
    splits = np.empty(len(images), dtype=object)
    ends = np.cumsum(list(SHARES.values()))
    for target in range(len(images.classes)):
        members = random.permutation(np.flatnonzero(images.targets == target))
        share = (np.arange(len(members)) + 0.5) / len(members)
        splits[members] = np.array(list(SHARES))[np.searchsorted(ends, share)]
    return replace(images, columns={**images.columns, "split": tuple(map(str, splits))})
