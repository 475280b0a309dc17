"""`SceneMeasurer`: all measures of images from above, kept by the images' content."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.images.measurer import ImageMeasurer, digest_of_code
from kgtransfer.images.measures import lines
from kgtransfer.images.scenes.measures import MEASURES
from kgtransfer.images.scenes.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.drawing import GroundedValue

__all__ = ["SceneMeasurer"]

CODE = digest_of_code(Path(__file__).parent, Path(lines.__file__))


def SceneMeasurer(cache: str | Path | None = None) -> ImageMeasurer:  # noqa: N802  # makes one
    """The measurer of true-colour images from above.

    Args:
        cache: see `ImageMeasurer`.
    """
    return ImageMeasurer(MEASURES, cache, prepare=Scene, code=CODE, areas=_areas, draw=_draw)


def _areas(image: Picture) -> dict[str, float]:
    """The shares of an image that each cover has."""
    from kgtransfer.images.scenes.drawing import COVERS

    scene = Scene(image)
    return {name: float(find(scene).mean()) for name, (find, _) in COVERS.items()}


def _draw(image: Picture, values: Sequence[GroundedValue]) -> Figure:
    """The image, its covers and edges, beside a bar for each value."""
    from kgtransfer.images.scenes.drawing import draw_scene

    return draw_scene(Scene(image), values)
