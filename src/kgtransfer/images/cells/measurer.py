"""`CellMeasurer`: all measures of images of blood cells, kept by the images' content."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.errors import DataError
from kgtransfer.images.cells.measures import MEASURES
from kgtransfer.images.cells.segmentation import segment
from kgtransfer.images.measurer import ImageMeasurer, digest_of_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.drawing import GroundedValue

__all__ = ["CellMeasurer"]

CODE = digest_of_code(Path(__file__).parent)


def CellMeasurer(cache: str | Path | None = None) -> ImageMeasurer:  # noqa: N802  # makes one
    """The measurer of images of one stained white blood cell each: it segments them first.

    Args:
        cache: see `ImageMeasurer`.
    """
    return ImageMeasurer(MEASURES, cache, prepare=segment, code=CODE, areas=_areas, draw=_draw)


def _areas(image: Picture) -> dict[str, float]:
    """The shares of an image that are cell and nucleus."""
    cell = segment(image)
    if not cell.cell.any():
        raise DataError("no stained cell is in it", cure="give a colour image of a stained smear")
    return {"cell": float(cell.cell.mean()), "nucleus": float(cell.nucleus.mean())}


def _draw(image: Picture, values: Sequence[GroundedValue]) -> Figure:
    """The image with the outlines of cell and nucleus, beside a bar for each value."""
    from kgtransfer.images.cells.drawing import draw_cell

    return draw_cell(segment(image), values)
