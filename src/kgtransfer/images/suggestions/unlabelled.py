"""Folder -> images without their labels, some of them, and their measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.errors import DataError
from kgtransfer.images.data.folder import TABLE, Images, image_files, read_image_table
from kgtransfer.utils.progress import bar, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from kgtransfer.grounding.measured import Measurer
    from kgtransfer.images.data.decode import Picture

    Floats = npt.NDArray[np.float64]

__all__ = ["drawn", "measured", "unlabelled"]

BATCH = 32
"""Images that are in memory at a time."""


def unlabelled(folder: Path) -> Images:
    """The images of a data set but its test split, or all in a folder; without their labels."""
    if (folder / TABLE).is_file():
        images = read_image_table(folder)
        splits = images.columns.get("split", ())
        rows = [row for row, split in enumerate(splits) if split != "test"]
        images = images.take(rows) if rows else images
        return Images(folder, images.names, ("",) * len(images), {}, images.archive)
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder", cure="give a folder of images")
    names = tuple(file.relative_to(folder).as_posix() for file in image_files(folder))
    return Images(folder, names, ("",) * len(names), {})


def drawn(images: Images, limit: int) -> Images:
    """At most so many of the images, drawn at random, always the same; in their order."""
    if len(images) <= limit:
        return images
    rows = np.random.default_rng(0).choice(len(images), limit, replace=False)
    return images.take(sorted(map(int, rows)))


def measured(images: Images, measurers: Sequence[Measurer[Picture]]) -> list[Floats]:
    """`[readable images, measures]` for each measurer, the images read a few at a time."""
    tables: list[list[Floats]] = [[] for _ in measurers]
    refused: list[DataError] = []
    batch: list[Picture] = []

    def measure() -> None:
        for rows, measurer in zip(tables, measurers, strict=True):
            rows.append(measurer.measure(batch))
        batch.clear()

    with bar(f"measure {images.folder.name}", len(images)) as advance:
        for picture in images.pictures():
            if isinstance(picture, DataError):
                refused.append(picture)
            else:
                batch.append(picture)
            if len(batch) == BATCH:
                measure()
            advance()
        if batch:
            measure()
    if len(refused) == len(images):
        raise refused[0]
    if refused:
        say(f"warning: {len(refused)} of {len(images)} images are left out:", *refused[:5])
    return [np.concatenate(rows) for rows in tables]
