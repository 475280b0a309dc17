"""Predicted numbers over true ones, on equal axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.report.style import COLOURS, canvas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

__all__ = ["scatter"]


def scatter(true: Sequence[float], predicted: Sequence[float]) -> Figure:
    """A dot a sample beside the dashed line, on which predictions are right.

    Args:
        true: numbers.
        predicted: of the same samples.
    """
    figure, axes = canvas(4.0, width=4.0)
    low, high = min(*true, *predicted), max(*true, *predicted)
    margin = 0.05 * (high - low) or 1.0
    ends = low - margin, high + margin
    axes.grid(color=COLOURS["grid"], linewidth=0.8)
    axes.plot(ends, ends, "--", color=COLOURS["muted"], linewidth=1)
    axes.plot(true, predicted, "o", color=COLOURS["knowledge"], markersize=4, alpha=0.5, mew=0)
    axes.set(xlim=ends, ylim=ends, aspect="equal")
    axes.set_xlabel("true", fontsize=9, color=COLOURS["muted"])
    axes.set_ylabel("predicted", fontsize=9, color=COLOURS["muted"])
    return figure
