"""A picture of one grounded scene: its covers and edges, and how strongly it shows each concept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.images.drawing import GroundedValue, beside_bars
from kgtransfer.images.scenes.cover import built_up, vegetation, water
from kgtransfer.images.scenes.measures import LC

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from kgtransfer.images.scenes.scene import Scene

    Mask = npt.NDArray[np.bool_]
    Picture = npt.NDArray[np.uint8]

__all__ = ["COVERS", "draw_scene"]

COVERS: Mapping[str, tuple[Callable[[Scene], Mask], str]] = {
    "vegetation": (vegetation, "#009e74"),
    "water": (water, "#0072b2"),
    "built up": (built_up, "#d55e00"),
}
SHARES = {"vegetation": "vegetationShare", "water": "waterShare", "built up": "builtUpShare"}
"""Cover -> its measure: a domain that does not measure a cover is not shown it."""
TINT = 0.45  # how much of a cover's colour lies on the image


def draw_scene(scene: Scene, grounded: Sequence[GroundedValue]) -> Figure:
    """The image, below it the covers that are measured and edges, beside a bar for each value.

    Args:
        scene: the image from above.
        grounded: the values, those of an attribute together.
    """
    figure, picture = beside_bars(grounded)
    measured = {value.quantity for value in grounded}
    covers = [name for name in COVERS if LC + SHARES[name] in measured]
    if not covers:
        picture.imshow(scene.image)
        return figure
    gap = np.full((6, scene.image.shape[1], 3), 255, dtype=np.uint8)
    picture.imshow(np.concatenate([scene.image, gap, _tinted(scene, covers)]))
    _names(picture, covers)
    return figure


def _tinted(scene: Scene, covers: Sequence[str]) -> Picture:
    """The image with covers tinted and the edges black, `[height, width, 3]`, uint8."""
    drawn = scene.image.astype(np.float64)
    for find, colour in (COVERS[name] for name in covers):
        tint = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        mask = find(scene)
        drawn[mask] = (1 - TINT) * drawn[mask] + TINT * np.array(tint)
    drawn[scene.edges] = 0
    return drawn.astype(np.uint8)


def _names(axes: Axes, covers: Sequence[str]) -> None:
    for number, name in enumerate(covers):
        axes.text(
            0.36 * number, 1.01, name, transform=axes.transAxes, color=COVERS[name][1], fontsize=9,
            fontweight="bold", va="bottom",
        )  # fmt: skip
