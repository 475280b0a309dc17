"""`CellMeasurer`: all measures of images of blood cells, kept by the images' content."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.grounding.cells.measures import MEASURES
from kgtransfer.grounding.cells.segmentation import segment
from kgtransfer.grounding.kept import KeptMeasures, digest_of_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    Image = npt.NDArray[np.uint8]

__all__ = ["CellMeasurer"]

_VERSION = digest_of_code(Path(__file__).parent)


class CellMeasurer:
    """Segments images of one white cell each and takes the measures of `MEASURES`.

    Args:
        cache: a file that measures are kept in, by the content of the image and of the code that
            measures. None keeps nothing.
    """

    measures: tuple[str, ...] = tuple(MEASURES)
    code: bytes = _VERSION

    def __init__(self, cache: str | Path | None = None) -> None:
        self._kept = KeptMeasures(cache, _measures, len(MEASURES), _VERSION)

    def measure(self, samples: Sequence[Image]) -> npt.NDArray[np.float64]:
        """`[images, measures]`, nan where an image shows no cell; images are RGB, uint8."""
        return self._kept.rows(samples)


def _measures(image: Image) -> list[float]:
    cell = segment(image)
    return [float(function(cell)) for function in MEASURES.values()]
