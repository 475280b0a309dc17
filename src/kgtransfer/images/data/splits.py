"""Splits of data sets that come without one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.images.data.folder import Images

__all__ = ["SHARES", "with_splits"]

SHARES = {"train": 0.6, "val": 0.1, "test": 0.3}


def with_splits(images: Images, *, seed: int = 0, shares: Mapping[str, float] = SHARES) -> Images:
    """The data set with a column `split`: its own, or one drawn by class.

    Args:
        images: of any data set.
        seed: of the draw.
        shares: of train, val and test; 60 : 10 : 30 by default.
    """
    if "split" in images.columns:
        return images
    random = np.random.default_rng(seed)
    splits = np.empty(len(images), dtype=object)
    ends = np.cumsum(list(shares.values()))
    for target in range(len(images.classes)):
        members = random.permutation(np.flatnonzero(images.targets == target))
        share = (np.arange(len(members)) + 0.5) / len(members)
        splits[members] = np.array(list(shares))[np.searchsorted(ends[:-1], share)]
    return replace(images, columns={**images.columns, "split": tuple(map(str, splits))})
