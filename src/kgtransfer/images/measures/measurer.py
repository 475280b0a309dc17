"""`GenericMeasurer`: the measures that fit any image, kept by the images' content."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.images.measurer import ImageMeasurer, digest_of_code
from kgtransfer.images.measures.table import MEASURES
from kgtransfer.images.measures.view import View

if TYPE_CHECKING:
    from kgtransfer.images.data.decode import Picture

__all__ = ["GenericMeasurer"]


class GenericMeasurer(ImageMeasurer):
    """Takes the measures of `MEASURES` of images of any kind."""

    measures = tuple(MEASURES)
    code = digest_of_code(Path(__file__).parent)

    def taken(self, image: Picture) -> list[float]:
        """The measures of one image; nan where it does not have what is measured."""
        view = View(image)
        return [float(function(view)) for function in MEASURES.values()]
