"""Pictures of grounded samples: the image beside how strongly it shows each concept."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from kgtransfer.grounding.combined import parts_of
from kgtransfer.grounding.observations import most_shown
from kgtransfer.report.style import COLOURS, canvas, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from kgtransfer.grounding.source import Source, Usual
    from kgtransfer.images.data.decode import Picture

__all__ = ["DrawingMeasurer", "GroundedValue", "beside_bars", "draw_grounded", "grounded_values"]

ROWS = 14
"""Rows of bars that a picture has room for; fewer are no thicker."""
MOST = 12
"""Values of an attribute in a picture."""


@dataclass(frozen=True)
class GroundedValue:
    """A value of an attribute, and what decided on it.

    Attributes:
        attribute: label of the attribute.
        concept: IRI of the value.
        label: of the value.
        weight: 0 to 1; those of an attribute sum to one.
        measure: label of the measure; empty where nothing is measured.
        value: of the measure; None where it could not be taken.
        unit: of the measure, as a UCUM code.
        quantity: IRI of the measure.
    """

    attribute: str
    concept: str
    label: str
    weight: float
    measure: str
    value: float | None
    unit: str
    quantity: str = ""

    @property
    def measured(self) -> str:
        """The measure and its value in words; nothing where nothing is measured."""
        if not self.measure:
            return ""
        if self.value is None:
            return f"{self.measure} unknown"
        return f"{self.measure} {self.value:.3g}{'' if self.unit == '1' else f' {self.unit}'}"


@runtime_checkable
class DrawingMeasurer(Protocol):
    """A measurer that shows what it finds in an image."""

    def areas(self, image: Picture, /) -> dict[str, float]:
        """Name of what it finds -> share of the image that it has."""
        ...

    def draw(self, image: Picture, values: Sequence[GroundedValue], /) -> Figure:
        """What it finds, beside a bar for each value; see `beside_bars`."""
        ...


def draw_grounded(source: Source[Picture], image: Picture, usual: Usual) -> Figure:
    """An image beside the weights of its concepts: drawn by a measurer where one can, else bare.

    Args:
        source: of the concepts.
        image: what is grounded.
        usual: in its domain.
    """
    values = grounded_values(source, image, usual)
    for measurer in (getattr(part, "measurer", None) for part in parts_of(source)):
        if isinstance(measurer, DrawingMeasurer):
            return measurer.draw(image, values)
    figure, picture = beside_bars(values)
    picture.imshow(image)
    return figure


def grounded_values(source: Source[Picture], image: Picture, usual: Usual) -> list[GroundedValue]:
    """The values of all attributes of one image, with their weights and what decided on them.

    Of an attribute with very many values, those of most weight.
    """
    readings = source.read([image])
    observed, evidence = source.observed(readings, usual), source.evidence(readings, usual)
    most = most_shown(observed, MOST)

    def grounded(attribute: str, value: str, weight: float) -> GroundedValue:
        labels = source.label(attribute), value, source.label(value)
        measured = evidence.get(value)
        if measured is None:
            return GroundedValue(*labels, weight, "", None, "1")
        measure = source.label(measured.measure)
        return GroundedValue(
            *labels, weight, measure, measured.value, measured.unit, measured.measure
        )

    return [
        grounded(attribute, value, float(weight))
        for attribute, values in observed.values.items()
        for value, weight in zip(values, observed.weights[attribute][0], strict=True)
        if value in most
    ]


def beside_bars(grounded: Sequence[GroundedValue]) -> tuple[Figure, Axes]:
    """A figure with empty axes for a picture, and beside them a bar for each value.

    Args:
        grounded: the values, those of an attribute together.
    """
    rows = len(grounded) + len({value.attribute for value in grounded})
    figure, bars = canvas(max(3.6, 0.19 * rows), width=9.5)
    picture = figure.add_axes((0.01, 0.02, 0.4, 0.93))
    figure.set_layout_engine("none")
    bars.set_position((0.64, 0.02, 0.12, 0.96))
    _bars(bars, grounded)
    picture.set_anchor("N")
    picture.set_axis_off()
    return figure, picture


def _bars(axes: Axes, grounded: Sequence[GroundedValue]) -> None:
    """A heading for each attribute, and below it a bar for each of its values."""
    row = 0
    for attribute, values in groupby(grounded, key=lambda value: value.attribute):
        axes.text(
            -0.1, row, shorten(attribute, 40), ha="right", va="center", fontsize=9,
            fontweight="bold", color=COLOURS["ink"],
        )  # fmt: skip
        for value in values:
            row += 1
            colour = COLOURS["knowledge" if value.weight >= 0.5 else "plain"]
            axes.barh(row, value.weight, height=0.72, color=colour)
            axes.barh(row, 1, height=0.72, color=COLOURS["grid"], zorder=0)
            for x, text, side in ((-0.1, value.label, "right"), (1.08, value.measured, "left")):
                axes.text(
                    x, row, shorten(text, 44), ha=side, va="center", fontsize=8,
                    color=COLOURS["ink" if value.weight >= 0.5 else "muted"],
                )  # fmt: skip
        row += 1
    axes.set(xlim=(0, 1), ylim=(max(row, ROWS) - 0.4, -0.6), xticks=[], yticks=[])
