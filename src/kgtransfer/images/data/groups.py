"""Images that belong together, such as those of a patient or a slide: a column of the table.

Copies of an image belong together too. What belongs together is never divided by a split, and the
bootstrap draws it together.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from kgtransfer.images.data.folder import Images

    Ints = npt.NDArray[np.int64]

__all__ = ["GROUP", "components", "group_numbers", "joined", "with_groups"]

GROUP = "group"
"""The column that says which images belong together, once `with_groups` has read it."""


def with_groups(images: Images, column: str = "") -> Images:
    """The data set with its groups in the column `group`; without it where there are none.

    Args:
        images: of any data set.
        column: that names the group of each image; `group` by default. An empty cell is a group of
            its own.
    """
    values = images.columns.get(column or GROUP)
    others = {name: held for name, held in images.columns.items() if name != GROUP}
    if values is None:
        return replace(images, columns=others) if GROUP in images.columns else images
    own = tuple(value or name for value, name in zip(values, images.names, strict=True))
    return replace(images, columns={**others, GROUP: own})


def joined(images: Images, pairs: Iterable[tuple[int, int]]) -> Images:
    """The data set with the groups of paired images made one.

    Args:
        images: as `with_groups` gave them.
        pairs: rows of images that belong together.
    """
    pairs = list(pairs)
    if not pairs:
        return images
    held = images.columns.get(GROUP, images.names)
    _, own = np.unique(held, return_inverse=True)
    together = components(len(images), pairs, own)
    _, first = np.unique(together, return_index=True)
    return replace(
        images, columns={**images.columns, GROUP: tuple(held[row] for row in first[together])}
    )


def components(size: int, pairs: Iterable[tuple[int, int]], groups: Ints | None = None) -> Ints:
    """Pairs of things, and groups of them -> number of the component of each, `[size]`."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    links = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
    if groups is not None:
        _, first, number = np.unique(groups, return_index=True, return_inverse=True)
        links = np.concatenate([links, np.stack([np.arange(size), first[number]], axis=1)])
    matrix = coo_array((np.ones(len(links)), links.T), shape=(size, size))
    return np.asarray(connected_components(matrix, directed=False)[1], dtype=np.int64)


def group_numbers(images: Images) -> Ints | None:
    """Number of each image's group, `[images]`; None where every image stands by itself."""
    held = images.columns.get(GROUP)
    if held is None or len(set(held)) == len(held):
        return None
    return np.asarray(np.unique(held, return_inverse=True)[1], dtype=np.int64)
