"""`CellMeasurer`: all measures of images of blood cells, kept by the images' content."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.images.cells.measures import MEASURES
from kgtransfer.images.cells.segmentation import segment
from kgtransfer.images.measurer import ImageMeasurer, digest_of_code

if TYPE_CHECKING:
    from kgtransfer.images.data.decode import Picture

__all__ = ["CellMeasurer"]


class CellMeasurer(ImageMeasurer):
    """Segments images of one white cell each and takes the measures of `MEASURES`."""

    measures = tuple(MEASURES)
    code = digest_of_code(Path(__file__).parent)

    def taken(self, image: Picture) -> list[float]:
        """The measures of one cell; nan where the image shows none."""
        cell = segment(image)
        return [float(function(cell)) for function in MEASURES.values()]
