"""A picture of one grounded cell: its outlines, and how strongly it shows each concept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.images.drawing import GroundedValue, beside_bars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from kgtransfer.images.cells.segmentation import SegmentedCell

__all__ = ["draw_cell"]

OUTLINES = {"cell": "#009e74", "nucleus": "#56b4e9"}


def draw_cell(cell: SegmentedCell, grounded: Sequence[GroundedValue]) -> Figure:
    """The image with its outlines beside a bar for each value, by attribute.

    Args:
        cell: the segmented image.
        grounded: the values, those of an attribute together.
    """
    figure, picture = beside_bars(grounded)
    _outlines(picture, cell)
    return figure


def _outlines(axes: Axes, cell: SegmentedCell) -> None:
    axes.imshow(cell.image)
    for number, (name, colour) in enumerate(OUTLINES.items()):
        mask = cell.cell if name == "cell" else cell.nucleus
        if mask.any():
            axes.contour(mask.astype(np.float32), [0.5], colors=[colour], linewidths=1.6)
        axes.text(
            0.4 * number, 1.01, name, transform=axes.transAxes, color=colour, fontsize=9,
            fontweight="bold", va="bottom",
        )  # fmt: skip
