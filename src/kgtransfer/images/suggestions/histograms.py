"""Suggestions -> a figure: a histogram for each measure, thresholds marked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from kgtransfer.grounding.division import FAINT
from kgtransfer.report.style import COLOURS, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from kgtransfer.images.suggestions.suggestion import Suggestion

__all__ = ["histograms"]

COLUMNS = 3
BINS = 40


def histograms(suggestions: Sequence[Suggestion]) -> Figure:
    """Small multiples: where the ontology has its thresholds, and where the values divide.

    Args:
        suggestions: one or more.
    """
    columns = min(COLUMNS, len(suggestions))
    rows = math.ceil(len(suggestions) / columns)
    figure = Figure(figsize=(max(4.5, 3 * columns), 0.5 + 1.9 * rows), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, suggestion in zip(panels, suggestions, strict=False):
        _panel(axes, suggestion)
    for axes in panels[len(suggestions) :]:
        axes.set_axis_off()
    figure.legend(
        handles=[
            Line2D([], [], color=COLOURS["ink"], linestyle="--", label="the ontology's"),
            Line2D([], [], color=COLOURS["knowledge"], label="suggested"),
        ],
        loc="outside upper left", ncols=2, frameon=False, fontsize=8,
    )  # fmt: skip
    return figure


def _panel(axes: Axes, suggestion: Suggestion) -> None:
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=7, labelcolor=COLOURS["muted"])
    axes.set_yticks([])
    axes.set_title(shorten(suggestion.label, 40), fontsize=9, color=COLOURS["ink"], loc="left")
    unit = "" if suggestion.unit == "1" else shorten(suggestion.unit, 20)
    axes.set_xlabel(unit, fontsize=7, color=COLOURS["muted"])
    if not len(suggestion.values):
        axes.set_xticks([])
        axes.text(0.5, 0.5, "no image has it", transform=axes.transAxes, ha="center", fontsize=8,
                  color=COLOURS["muted"])  # fmt: skip
        return
    axes.hist(suggestion.values, bins=BINS, color=COLOURS["plain"])
    axes.xaxis.set_major_locator(MaxNLocator(4))
    for division in (suggestion.two, suggestion.three):
        if division is not None and division.clarity >= FAINT:
            for threshold in division.thresholds:
                axes.axvline(threshold, color=COLOURS["knowledge"], linewidth=1.6)
    _mark_stated(axes, suggestion)


def _mark_stated(axes: Axes, suggestion: Suggestion) -> None:
    """Lines where concepts begin or end; far from all values, their numbers at the edge."""
    low, high = float(suggestion.values.min()), float(suggestion.values.max())
    reach = high - low or 1.0
    for number in suggestion.stated:
        if low - reach <= number <= high + reach:
            axes.axvline(number, color=COLOURS["ink"], linewidth=1, linestyle="--")
        else:
            text, x = (f"{number:g} →", 1.0) if number > high else (f"← {number:g}", 0.0)
            side = "right" if number > high else "left"
            axes.text(x, 0.9, text, transform=axes.transAxes, ha=side, fontsize=8,
                      color=COLOURS["ink"])  # fmt: skip
