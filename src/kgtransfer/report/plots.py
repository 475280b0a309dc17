"""The report's figures: each takes plain data and returns a matplotlib Figure, no global state."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator

from kgtransfer.experiments.comparison import ArmScores, Comparison, format_score
from kgtransfer.report.style import COLOURS, canvas, legend, shorten, tone_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

    from kgtransfer.experiments.setting import LabelEquivalent

__all__ = [
    "Row",
    "arm_row",
    "comparison_row",
    "gates",
    "intervals",
    "label_curve",
    "learning_curves",
    "span",
]

_ROW = 0.27  # inches a row
_LEGEND = 3  # curves named in a line
_CURVES = {  # colour and line of the curves of a role, one after the other
    "plain": (("plain", "o-"), ("ink", "s--"), ("muted", "D-.")),
    "knowledge": (("knowledge", "o-"), ("knowledge", "s--")),
    "placebo": (("placebo", "^:"),),
}
_VERDICT_COLOURS = {"helps": "knowledge", "hurts": "placebo"}


@dataclass(frozen=True)
class Row:
    """A line of a dot-and-interval plot.

    Args:
        label: at the left. value, low, high: dot and 95 % interval. text: at the right.
        colour: key of COLOURS. points: fainter marks, one per seed. bold: of the label.
    """

    label: str
    value: float
    low: float
    high: float
    text: str
    colour: str
    points: Sequence[float] = ()
    bold: bool = False


def arm_row(arm: ArmScores, *, bold: bool = False) -> Row:
    """An arm's mean, interval and seeds."""
    points = arm.per_seed if len(arm.per_sample) > 1 else ()
    text, colour = format_score(arm.mean), tone_of(arm.arm).colour
    return Row(arm.name, arm.mean, *arm.ci95, text, colour, points, bold)


def comparison_row(comparison: Comparison) -> Row:
    """A paired difference and its interval."""
    label = f"{comparison.a} vs {comparison.b}"
    colour = _VERDICT_COLOURS.get(comparison.verdict, "plain")
    text = format_score(comparison.difference, signed=True)
    return Row(label, comparison.difference, *comparison.ci95, text, colour)


def span(rows: Sequence[Row], *others: float) -> tuple[float, float]:
    """Limits that hold all rows and others, with a margin; panels that share them compare."""
    ends = [end for row in rows for end in (row.low, row.high, *row.points)] + [*others]
    margin = 0.04 * (max(ends) - min(ends)) or 0.01
    return min(ends) - margin, max(ends) + margin


def intervals(
    rows: Sequence[Row],
    xlabel: str,
    limits: tuple[float, float] | None = None,
    *,
    reference: float | None = None,
) -> Figure:
    """Dots with 95 % intervals, one row each, first row on top; a line at `reference`."""
    figure, axes = canvas(0.55 + _ROW * len(rows))
    _rows(axes, [row.label for row in rows], [row.bold for row in rows])
    axes.set_xlim(limits or span(rows, *([] if reference is None else [reference])))
    _score_ticks(axes.xaxis)
    axes.set_xlabel(xlabel, fontsize=9, color=COLOURS["muted"])
    if reference is not None:
        axes.axvline(reference, color=COLOURS["muted"], linewidth=1)
    right = axes.get_yaxis_transform()
    for y, row in enumerate(rows):
        colour = COLOURS[row.colour]
        axes.plot([row.low, row.high], [y, y], color=colour, linewidth=2, solid_capstyle="round")
        axes.plot(row.points, [y] * len(row.points), "|", color=colour, markersize=9, alpha=0.45)
        axes.plot(row.value, y, "o", color=colour, markersize=6.5)
        weight = "bold" if row.bold else "normal"
        axes.text(
            1.02, y, row.text, transform=right, va="center", fontsize=9, weight=weight,
            color=COLOURS["ink"],
        )  # fmt: skip
    return figure


def gates(
    learned: Mapping[str, Mapping[str, Sequence[float]]],
    relations: Sequence[str],
    limits: tuple[float, float],
    colours: Mapping[str, str],
) -> Figure:
    """Learned gates {arm: {relation: [value of each seed]}}: a dot a seed, a bar at the mean.

    Args:
        learned: the gates.
        relations: rows, from the top.
        limits: of the values.
        colours: arm -> key of COLOURS.
    """
    figure, axes = canvas(0.8 + _ROW * 1.15 * len(relations))
    _rows(axes, relations)
    axes.axvline(0, color=COLOURS["muted"], linewidth=1)
    offsets = np.linspace(-0.17, 0.17, len(learned)) if len(learned) > 1 else [0.0]
    for offset, (arm, values) in zip(offsets, learned.items(), strict=True):
        colour = COLOURS[colours[arm]]
        for y, relation in enumerate(relations):
            dots = list(values.get(relation, ()))
            if not dots:
                continue
            mean, height = float(np.mean(dots)), y + offset
            axes.plot([0, mean], [height, height], color=colour, linewidth=1, alpha=0.5)
            axes.plot(dots, [height] * len(dots), "o", color=colour, markersize=4, alpha=0.45,
                      markeredgewidth=0)  # fmt: skip
            axes.plot(mean, height, "|", color=colour, markersize=9, markeredgewidth=2)
        axes.plot([], [], "o", color=colour, markersize=4, label=arm)
    axes.set_xlim(limits)
    _score_ticks(axes.xaxis)
    axes.set_xlabel("gate (0: closed)", fontsize=9, color=COLOURS["muted"])
    legend(axes, columns=len(learned))
    return figure


def label_curve(
    curve: Mapping[float, ArmScores],
    arm: ArmScores,
    metric: str,
    worth: LabelEquivalent,
    unit: str = "labels",
    given: str = "no labels",
) -> Figure:
    """The score over the number of labels; `arm`, that was `given` so many, a line across it."""
    figure, axes = canvas(2.9)
    axes.grid(axis="y", color=COLOURS["grid"], linewidth=0.8)
    labels = list(curve)
    means, ends = [a.mean for a in curve.values()], [a.ci95 for a in curve.values()]
    green, blue = COLOURS["labels"], COLOURS[tone_of(arm.arm).colour]
    axes.axhspan(*arm.ci95, color=blue, alpha=0.12, linewidth=0)
    axes.axhline(arm.mean, color=blue, linewidth=2)
    low, high = ([pair[side] for pair in ends] for side in (0, 1))
    axes.fill_between(labels, low, high, color=green, alpha=0.15, linewidth=0)
    axes.plot(labels, means, "o-", color=green, linewidth=2, markersize=5.5)
    left = axes.get_yaxis_transform()
    axes.text(0.02, arm.mean, f"{arm.name}, {given}", transform=left, va="bottom", fontsize=9,
              color=blue, weight="bold")  # fmt: skip
    axes.annotate("trained on labels", (labels[0], ends[0][0]), (0, -2),
                  textcoords="offset points", va="top", fontsize=9, color=green)  # fmt: skip
    if np.isfinite(worth.labels):
        axes.plot([worth.labels] * 2, [0, arm.mean], ":", color=blue, linewidth=1.5)
        axes.plot(worth.labels, arm.mean, "o", color=blue, markersize=6.5)
    bottom, top = min(*low, arm.ci95[0]), max(*high, arm.ci95[1])
    axes.set_ylim(bottom - 0.12 * (top - bottom), top + 0.05 * (top - bottom))
    axes.set_xticks(labels)
    _score_ticks(axes.yaxis)
    axes.set_xlabel(unit, fontsize=9, color=COLOURS["muted"])
    axes.set_ylabel(metric, fontsize=9, color=COLOURS["muted"])
    return figure


def learning_curves(
    arms: Mapping[str, Mapping[float, ArmScores]],
    metric: str,
    unit: str = "labels",
    headline: str = "",
) -> Figure:
    """Scores of several arms over the number of labels, on a logarithmic axis."""
    figure, axes = canvas(2.7 + 0.2 * math.ceil(len(arms) / _LEGEND))
    axes.grid(axis="y", color=COLOURS["grid"], linewidth=0.8)
    ticks = sorted({labels for curve in arms.values() for labels in curve})
    drawn: Counter[str] = Counter()
    for arm, curve in arms.items():
        role = next(iter(curve.values())).arm.role
        looks = _CURVES[role]
        tone, line = looks[drawn[role] % len(looks)]
        drawn[role] += 1
        colour = COLOURS[tone]
        low, high = zip(*(scores.ci95 for scores in curve.values()), strict=True)
        axes.fill_between(list(curve), low, high, color=colour, alpha=0.12, linewidth=0)
        axes.plot(list(curve), [scores.mean for scores in curve.values()],
                  line, color=colour, label=arm,
                  linewidth=2.4 if arm == headline else 1.6, markersize=5)  # fmt: skip
    axes.set_xscale("log")
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    _score_ticks(axes.yaxis)
    axes.set_xlabel(unit, fontsize=9, color=COLOURS["muted"])
    axes.set_ylabel(metric, fontsize=9, color=COLOURS["muted"])
    legend(axes, columns=min(_LEGEND, len(arms)))
    return figure


def _rows(axes: Axes, labels: Sequence[str], bold: Sequence[bool] = ()) -> None:
    """Name the rows 0, 1, ... from the top down, with a hairline each."""
    axes.set_yticks(range(len(labels)), [shorten(label) for label in labels], parse_math=False)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.grid(axis="both", color=COLOURS["grid"], linewidth=0.8)
    for tick, strong in zip(axes.get_yticklabels(), bold or [False] * len(labels), strict=True):
        tick.set(color=COLOURS["ink"], weight="bold" if strong else "normal")


def _score_ticks(axis: Axis) -> None:
    """A handful of ticks, all written with the same decimals, none outside the view."""
    low, high = (float(end) for end in axis.get_view_interval())
    ticks = np.asarray(MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(low, high))
    ticks = ticks[(ticks >= low) & (ticks <= high)]
    spare = all(format_score(tick).endswith("0") for tick in ticks)
    axis.set_ticks(ticks, [format_score(tick)[: -1 if spare else None] for tick in ticks])
