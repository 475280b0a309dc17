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

_BINS = 15  # of equal width, as those of `kgtransfer.classification.calibration`
_BAR = 0.8 / _BINS  # width


def reliability_diagram(
    bins: Sequence[Mapping[str, float]],
    ece: float,
    abstention: Sequence[Mapping[str, float]] = (),
) -> Figure:
    """Bins of confidence -> their accuracy as bars beside the diagonal, and their counts below.

    Below these, where it is given, the accuracy of the surest answers.

    Args:
        bins: `confidence` and `accuracy` (means) and `count` of each that has samples.
        ece: expected calibration error, the mean gap between the two (Guo et al., ICML 2017,
            arXiv 1706.04599).
        abstention: `answered`, a share of the samples, and the `accuracy` on the surest so many.
    """
    figure, first = canvas(5.6 if abstention else 3.9, width=4.0)
    first.remove()
    rows = 3 if abstention else 2
    upper, lower, *more = figure.subplots(rows, 1, height_ratios=[4, 1, 2][:rows])
    upper.tick_params(labelbottom=False)
    lower.sharex(upper)
    for axes in (upper, lower, *more):
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
    middles = [_middle(found["confidence"]) for found in bins]
    lower.bar(middles, counts, width=_BAR, color=COLOURS["plain"])
    lower.set_yticks([0, max(counts, default=0)], ["0", f"{max(counts, default=0):,}"])
    lower.set_xlabel("confidence", fontsize=9, color=COLOURS["muted"])
    lower.set_ylabel("samples", fontsize=9, color=COLOURS["muted"])
    for axes in more:
        _surest(axes, abstention)
    return figure


def _surest(axes: Axes, abstention: Sequence[Mapping[str, float]]) -> None:
    """Accuracy against the share that is answered, the surest first."""
    shares = [found["answered"] for found in abstention]
    accuracies = [found["accuracy"] for found in abstention]
    axes.plot(shares, accuracies, "o-", color=COLOURS["knowledge"], markersize=4, linewidth=1.5)
    axes.set(xlim=(0, 1.04), ylim=(min(0.9, *accuracies) - 0.05, 1.02))
    axes.set_xlabel("share that is answered, the surest first", fontsize=9, color=COLOURS["muted"])
    axes.set_ylabel("of these right", fontsize=9, color=COLOURS["muted"])


def _accuracies(axes: Axes, bins: Sequence[Mapping[str, float]]) -> None:
    """A bar a bin; in it, at its mean confidence, a line from its top to where it should end."""
    axes.plot([0, 1], [0, 1], "--", color=COLOURS["muted"], linewidth=1)
    for found in bins:
        confidence, accuracy = found["confidence"], found["accuracy"]
        middle = _middle(confidence)
        axes.bar(middle, accuracy, width=_BAR, color=COLOURS["knowledge"], alpha=0.45)
        axes.plot([confidence] * 2, [accuracy, confidence], color=COLOURS["placebo"], linewidth=1.5)
        axes.plot(confidence, accuracy, "o", color=COLOURS["knowledge"], markersize=5)
    axes.set(xlim=(0, 1.04), ylim=(0, 1.04))
    axes.set_ylabel("share that is right", fontsize=9, color=COLOURS["muted"])


def _middle(confidence: float) -> float:
    """A confidence -> the middle of its bin."""
    return (min(int(confidence * _BINS), _BINS - 1) + 0.5) / _BINS
