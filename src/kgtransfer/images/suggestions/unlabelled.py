"""Folder -> images without their labels, some of them, and their measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.errors import DataError
from kgtransfer.images.data.folder import (
    TABLE,
    Images,
    image_files,
    read_image_table,
    require_no_way_out,
)
from kgtransfer.images.data.splits import SPLIT_OF
from kgtransfer.images.readable import readable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from kgtransfer.grounding.measured import Measurer
    from kgtransfer.images.data.decode import Picture

    Floats = npt.NDArray[np.float64]

__all__ = ["drawn", "measured", "unlabelled"]


def unlabelled(folder: Path) -> Images:
    """The images of a data set but its test split, or all in a folder; without their labels."""
    if (folder / TABLE).is_file():
        images = read_image_table(folder)
        splits = images.columns.get("split", ())
        rows = [row for row, split in enumerate(splits) if SPLIT_OF.get(split.lower()) != "test"]
        images = images.take(rows) if rows else images
        return Images(folder, images.names, ("",) * len(images), {}, images.archive)
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder", cure="give a folder of images")
    require_no_way_out(folder)
    names = tuple(file.relative_to(folder).as_posix() for file in image_files(folder))
    return Images(folder, names, ("",) * len(names), {})


def drawn(images: Images, limit: int) -> Images:
    """At most so many of the images, drawn at random, always the same; in their order."""
    if len(images) <= limit:
        return images
    rows = np.random.default_rng(0).choice(len(images), limit, replace=False)
    return images.take(sorted(map(int, rows)))


def measured(images: Images, measurers: Sequence[Measurer[Picture]]) -> list[Floats]:
    """`[readable images, measures]` for each measurer; no image is kept."""
    pictures = readable(images)
    return [measurer.measure(pictures) for measurer in measurers]
