"""Matrices as pictures: confusion between classes; what classes show, and what they should."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axis import YAxis
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.transforms import ScaledTranslation

from kgtransfer.report.class_colours import colour_of
from kgtransfer.report.style import COLOURS, canvas, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

__all__ = ["confusion_matrix", "confusion_width", "heat_maps"]

# Not the page's own colours: those are replaced by name, and a ramp between them could not be.
_RAMP = LinearSegmentedColormap.from_list("shares", ["#f4f6f9", "#7fb3d9", "#0a5c94"])
_DARK = 0.55  # share from which letters on it are white
_INK = ("#222222", "#fefefe")
_PATCH = 7.0  # points, of the side of a class's patch of colour
_MANY = 12  # classes from which a matrix is wider than usual


def confusion_matrix(
    table: Sequence[Sequence[int]],
    classes: Sequence[str],
    colours: Mapping[str, str] = MappingProxyType({}),
) -> Figure:
    """Counts of each class (rows) by what they are taken for; shades are shares of the row.

    Args:
        table: `[classes, classes]`.
        classes: names.
        colours: of classes, by name: a patch beside each name.
    """
    counts = np.asarray(table)
    samples = counts.sum(axis=1)
    shares = counts / np.maximum(1, samples)[:, None]
    height = 1.0 + 0.42 * len(classes) if len(classes) <= _MANY else 1.8 + 0.3 * len(classes)
    figure, axes = canvas(height, width=confusion_width(len(classes)))
    rows = [f"{shorten(name, 24)} ({n:,})" for name, n in zip(classes, samples, strict=True)]
    drawn = _draw(axes, shares, rows, classes)
    for (row, column), count in np.ndenumerate(counts):
        if count:
            axes.text(column, row, f"{count:,}", ha="center", va="center", fontsize=8.5,
                      color=_INK[int(shares[row, column] > _DARK)])  # fmt: skip
    _patches(axes.yaxis, classes, colours)
    _patches(axes.xaxis, classes, colours)
    axes.set_xlabel("taken for", fontsize=9, color=COLOURS["muted"])
    _scale(figure, drawn, [axes], "share of the row")
    return figure


def confusion_width(classes: int) -> float:
    """Number of classes -> inches of a confusion matrix."""
    return max(4.5, 2.0 + 0.34 * classes)


def heat_maps(
    seen: Sequence[Sequence[float]],
    stated: Sequence[Sequence[float]],
    classes: Sequence[str],
    concepts: Sequence[str],
    colours: Mapping[str, str] = MappingProxyType({}),
) -> Figure:
    """How strongly each class shows each concept, beside what its axioms lead to expect.

    Args:
        seen: `[concepts, classes]` mean weights in the samples of each class, 0 to 1.
        stated: the same by the axioms.
        classes: names of the columns.
        concepts: names of the rows.
        colours: of classes and concepts, by name: a patch beside each name.
    """
    width = max(7.6, 3.4 + 0.5 * len(classes))
    names = 1.3 if len(classes) <= _MANY else 2.1  # inches of the columns' names
    figure, left = canvas(names + 0.19 * len(concepts), width=width)
    left.remove()
    pair = figure.subplots(1, 2, sharey=True)
    for axes, values, title in zip(
        pair, (seen, stated), ("measured", "by the axioms"), strict=True
    ):
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0, labelsize=8.5, labelcolor=COLOURS["muted"])
        drawn = _draw(axes, np.asarray(values), concepts, classes)
        _patches(axes.xaxis, classes, colours)
        axes.set_title(title, fontsize=9.5, color=COLOURS["ink"], loc="left")
    _patches(pair[0].yaxis, concepts, colours)
    _scale(figure, drawn, list(pair), "mean weight")
    return figure


def _draw(
    axes: Axes,
    shares: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
) -> AxesImage:
    drawn = axes.imshow(shares, cmap=_RAMP, vmin=0, vmax=1, aspect="auto")
    axes.set_yticks(range(len(rows)), [shorten(row, 32) for row in rows])
    width, turned = (14, 35) if len(columns) <= _MANY else (24, 60)
    names = [shorten(name, width) for name in columns]
    axes.set_xticks(range(len(columns)), names, rotation=turned, ha="right", rotation_mode="anchor")
    for edge in np.arange(0.5, len(rows) - 0.5):
        axes.axhline(edge, color="white", linewidth=0.8)
    for edge in np.arange(0.5, len(columns) - 0.5):
        axes.axvline(edge, color="white", linewidth=0.8)
    return drawn


def _patches(axis: Axis, names: Sequence[str], colours: Mapping[str, str]) -> None:
    """A patch of its colour between the name of a class and the axes, where it has one."""
    stated = [(place, colour_of(str(colours.get(name, "")))) for place, name in enumerate(names)]
    if not any(colour for _, colour in stated):
        return
    axis.set_tick_params(pad=_PATCH + 6)
    is_row = isinstance(axis, YAxis)
    axes = axis.axes
    along = axes.get_yaxis_transform() if is_row else axes.get_xaxis_transform()
    away = -(_PATCH / 2 + 2) / 72  # inches
    left, down = (away, 0.0) if is_row else (0.0, away)
    shifted = along + ScaledTranslation(left, down, axes.figure.dpi_scale_trans)
    for place, colour in stated:
        if colour:
            x, y = (0.0, place) if is_row else (place, 0.0)
            axes.plot([x], [y], "s", transform=shifted, color=colour, markersize=_PATCH,
                      markeredgecolor=COLOURS["muted"], markeredgewidth=0.5,
                      clip_on=False)  # fmt: skip


def _scale(figure: Figure, drawn: AxesImage, axes: list[Axes], label: str) -> None:
    """What the shades say, as a bar with numbers right of the axes."""
    height = figure.get_figheight()
    bar = figure.colorbar(
        drawn, ax=axes, ticks=[0, 0.25, 0.5, 0.75, 1], fraction=0.035, pad=0.02,
        shrink=min(1.0, 2.6 / height), anchor=(0, 1), aspect=16,
    )  # fmt: skip
    bar.ax.set_yticklabels(["0", ".25", ".50", ".75", "1"])
    bar.ax.tick_params(length=0, labelsize=8.5, labelcolor=COLOURS["muted"])
    bar.outline.set_visible(False)
    bar.set_label(label, fontsize=8.5, color=COLOURS["muted"])
