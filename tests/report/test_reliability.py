from __future__ import annotations

import pytest

from kgtransfer.report.reliability import reliability_diagram
from kgtransfer.report.style import svg

BINS = [
    {"confidence": 0.55, "accuracy": 1.0, "count": 1},
    {"confidence": 0.9, "accuracy": 0.5, "count": 1400},
]


def test_bars_stand_in_their_bins_as_high_as_the_accuracy() -> None:
    upper, lower = reliability_diagram(BINS, 0.25).axes
    assert [bar.get_height() for bar in upper.patches] == [1.0, 0.5]
    middles = [bar.get_x() + bar.get_width() / 2 for bar in upper.patches]
    assert middles == pytest.approx([8.5 / 15, 13.5 / 15])
    dots = [line.get_xdata()[0] for line in upper.lines if len(line.get_xdata()) == 1]
    assert dots == [0.55, 0.9]
    assert [bar.get_height() for bar in lower.patches] == [1, 1400]
    gaps = [list(line.get_ydata()) for line in upper.lines if len(line.get_xdata()) == 2]
    assert gaps == [[0, 1], [1.0, 0.55], [0.5, 0.9]]


def test_the_error_is_written_and_the_largest_bin_counted() -> None:
    text = svg(reliability_diagram(BINS, 0.2512), "calibration")
    assert "ECE .251" in text
    assert "1,400" in text


def test_the_surest_answers_have_a_curve_of_their_own() -> None:
    surest = [{"answered": 0.5, "accuracy": 1.0}, {"answered": 1.0, "accuracy": 0.6}]
    *_, below = reliability_diagram(BINS, 0.25, surest).axes
    (line,) = below.lines
    assert (list(line.get_xdata()), list(line.get_ydata())) == ([0.5, 1.0], [1.0, 0.6])
    assert below.get_ylim()[0] < 0.6


def test_no_bins_draw() -> None:
    assert "ECE" in svg(reliability_diagram([], 0.0), "calibration")
