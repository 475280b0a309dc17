from __future__ import annotations

import pytest

from kgtransfer.report.heat_maps import confusion_matrix, confusion_width, heat_maps
from kgtransfer.report.style import svg

TICKS = ["0", ".25", ".50", ".75", "1"]


def test_a_confusion_matrix_tells_counts_samples_and_a_scale() -> None:
    figure = confusion_matrix([[3, 1], [0, 0]], ["round", "square"])
    matrix, scale = figure.axes
    assert [text.get_text() for text in matrix.texts] == ["3", "1"]
    assert [tick.get_text() for tick in matrix.get_yticklabels()] == ["round (4)", "square (0)"]
    assert [tick.get_text() for tick in scale.get_yticklabels()] == TICKS
    assert scale.get_ylabel() == "share of the row"
    assert "round (4)" in svg(figure, "confusion")


def test_heat_maps_share_one_scale() -> None:
    seen, stated = [[0.2, 0.9]], [[0.0, 1.0]]
    figure = heat_maps(seen, stated, ["a", "b"], ["smooth"])
    left, right, scale = figure.axes
    assert [axes.get_title(loc="left") for axes in (left, right)] == ["measured", "by the axioms"]
    assert [tick.get_text() for tick in scale.get_yticklabels()] == TICKS


@pytest.mark.parametrize(("classes", "inches"), [(3, 4.5), (45, 17.3)])
def test_many_classes_make_a_wide_matrix(classes: int, inches: float) -> None:
    assert confusion_width(classes) == pytest.approx(inches)
    table = [[1] * classes] * classes
    figure = confusion_matrix(table, [f"class {number}" for number in range(classes)])
    assert figure.get_figwidth() == pytest.approx(inches)


def test_classes_have_patches_of_the_colours_that_they_are_given() -> None:
    colours = {"round": "#6b8e23", "square": "no colour"}
    figure = confusion_matrix([[3, 1], [0, 0]], ["round", "square"], colours)
    patches = [line for line in figure.axes[0].lines if line.get_marker() == "s"]
    assert [line.get_color() for line in patches] == ["#6b8e23", "#6b8e23"]  # a row, a column
    plain = confusion_matrix([[3, 1], [0, 0]], ["round", "square"])
    assert [line for line in plain.axes[0].lines if line.get_marker() == "s"] == []
