"""What pieces of knowledge were worth, as bars with their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.report.style import COLOURS, canvas, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from kgtransfer.experiments.comparison import Comparison

__all__ = ["worth_bars"]


def worth_bars(labels: Sequence[str], worth: Sequence[Comparison], axis: str) -> Figure:
    """Points of a metric that each piece is worth, with 95 % intervals.

    Args:
        labels: of the pieces, from the top.
        worth: with against without each.
        axis: what the points are of.
    """
    figure, axes = canvas(0.8 + 0.24 * len(labels), width=6.5)
    places = range(len(labels), 0, -1)
    for place, compared in zip(places, worth, strict=True):
        low, high = (100 * end for end in compared.ci95)
        sure = compared.verdict != "no measurable effect"
        colour = COLOURS["knowledge"] if sure else COLOURS["plain"]
        axes.plot([low, high], [place, place], color=colour, linewidth=1.5, solid_capstyle="round")
        axes.plot(100 * compared.difference, place, "o", color=colour, markersize=5)
    axes.axvline(0, color=COLOURS["muted"], linewidth=0.8)
    axes.set_yticks(list(places), [shorten(label, 46) for label in labels])
    axes.set_xlabel(axis, fontsize=9, color=COLOURS["muted"])
    return figure
