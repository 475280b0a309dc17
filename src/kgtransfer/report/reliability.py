"""Reliability diagrams: how often a classifier is right where it is so sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.experiments.comparison import format_score
from kgtransfer.report.style import COLOURS, canvas

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["reliability_diagram"]

_WIDTH = 1 / 15  # of a bar: that of a bin


def reliability_diagram(bins: Sequence[Mapping[str, float]], ece: float) -> Figure:
    """Bins of confidence -> their accuracy as bars beside the diagonal, and their counts below.

    Args:
        bins: `confidence` and `accuracy` (means) and `count` of each that has samples.
        ece: expected calibration error, the mean gap between the two (Guo et al., ICML 2017,
            arXiv 1706.04599).
    """
    figure, first = canvas(3.9, width=4.0)
    first.remove()
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[4, 1])
    for axes in (upper, lower):
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0, labelsize=9, labelcolor=COLOURS["muted"])
        axes.set_axisbelow(True)
        axes.grid(color=COLOURS["grid"], linewidth=0.8)
    _accuracies(upper, bins)
    upper.text(
        0.03, 0.96, f"ECE {format_score(ece)}", transform=upper.transAxes, va="top", fontsize=11,
        weight="bold", color=COLOURS["ink"],
    )  # fmt: skip
    counts = [int(found["count"]) for found in bins]
    lower.bar(
        [found["confidence"] for found in bins], counts, width=_WIDTH * 0.8, color=COLOURS["plain"]
    )
    lower.set_yticks([0, max(counts, default=0)], ["0", f"{max(counts, default=0):,}"])
    lower.set_xlabel("confidence", fontsize=9, color=COLOURS["muted"])
    lower.set_ylabel("samples", fontsize=9, color=COLOURS["muted"])
    return figure


def _accuracies(axes: Axes, bins: Sequence[Mapping[str, float]]) -> None:
    """A bar a bin, and a line from its top to where it would be if it were as right as sure."""
    axes.plot([0, 1], [0, 1], "--", color=COLOURS["muted"], linewidth=1)
    for found in bins:
        confidence, accuracy = found["confidence"], found["accuracy"]
        axes.bar(confidence, accuracy, width=_WIDTH * 0.8, color=COLOURS["knowledge"], alpha=0.45)
        axes.plot([confidence] * 2, [accuracy, confidence], color=COLOURS["placebo"], linewidth=1.5)
        axes.plot(confidence, accuracy, "o", color=COLOURS["knowledge"], markersize=5)
    axes.set(xlim=(0, 1.04), ylim=(0, 1.04))
    axes.set_ylabel("share that is right", fontsize=9, color=COLOURS["muted"])
