"""Splits of data sets: their own, or drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.errors import DataError
from kgtransfer.images.data.groups import group_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.images.data.folder import Images

    Ints = npt.NDArray[np.int64]

__all__ = ["SHARES", "SPLIT_OF", "with_splits"]

SHARES = {"train": 0.6, "val": 0.1, "test": 0.3}
SPLIT_OF = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "val"),
    **dict.fromkeys(("test", "testing"), "test"),
}
"""What data sets call a split, in small letters -> what it is."""


def with_splits(
    images: Images,
    *,
    seed: int = 0,
    shares: Mapping[str, float] = SHARES,
    by_class: bool = True,
) -> Images:
    """The data set with a column `split`: its own, or one that is drawn, of whole groups.

    Args:
        images: of any data set.
        seed: of the draw.
        shares: of train, val and test; 60 : 10 : 30 by default.
        by_class: draw within each class, not among all images.

    Raises:
        DataError: an image is of none of the three splits: it would be lost without a word.
    """
    if "split" in images.columns:
        return _with_its_own(images)
    random = np.random.default_rng(seed)
    splits = np.empty(len(images), dtype=object)
    strata = images.targets if by_class else np.zeros(len(images), dtype=np.int64)
    group = group_numbers(images)
    group = np.arange(len(images)) if group is None else group
    sizes, of_group = _sizes(group, strata)
    for stratum in np.unique(of_group):
        rows = random.permutation(np.flatnonzero(of_group[group] == stratum))
        drawn = np.array(list(dict.fromkeys(group[rows].tolist())))  # in the order of their images
        part = np.empty(len(sizes), dtype=object)
        part[drawn] = np.array(list(shares))[_parts(sizes[drawn], [*shares.values()])]
        splits[rows] = part[group[rows]]
    return replace(images, columns={**images.columns, "split": tuple(map(str, splits))})


def _sizes(group: Ints, strata: Ints) -> tuple[Ints, Ints]:
    """Of each group its size, and the stratum that most of its images are of."""
    counts = np.zeros((group.max() + 1, strata.max() + 1), dtype=np.int64)
    np.add.at(counts, (group, strata), 1)
    return counts.sum(axis=1), counts.argmax(axis=1)


def _parts(sizes: Ints, shares: Sequence[float]) -> Ints:
    """Sizes of groups, in random order -> number of the part that each goes to.

    In their order; but where one is larger than a part should be, the largest first, each to the
    part that lacks most.
    """
    total = int(sizes.sum())
    if sizes.max() <= min(share for share in shares if share) * total or sizes.max() == 1:
        middles = (np.cumsum(sizes) - sizes / 2) / total
        return np.asarray(np.searchsorted(np.cumsum(shares)[:-1], middles), dtype=np.int64)
    lacking, parts = np.array(shares) * total, np.zeros(len(sizes), dtype=np.int64)
    for group in np.argsort(-sizes, kind="stable"):
        parts[group] = lacking.argmax()
        lacking[parts[group]] -= sizes[group]
    return parts


def _with_its_own(images: Images) -> Images:
    named = images.columns["split"]
    splits = [SPLIT_OF.get(value.lower(), "") for value in named]
    if "" in splits:
        row = splits.index("")
        others = splits.count("") - 1
        raise DataError(
            f"{images.folder}: the split of {images.names[row]} is {named[row]!r}"
            + (f", and of {others} more images none of the three" if others else ""),
            cure="write train, val or test; without the column a split is drawn",
        )
    return replace(images, columns={**images.columns, "split": tuple(splits)})
