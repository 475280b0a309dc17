from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

import numpy as np
import pytest

from kgtransfer.experiments.arms import Arm, Role
from kgtransfer.experiments.comparison import ArmScores, Comparison
from kgtransfer.experiments.setting import SettingResult
from kgtransfer.report import plots
from kgtransfer.report.style import COLOURS, png, shorten, svg, tone_of

from ..arms import arm as described

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PNG = b"\x89PNG\r\n\x1a\n"


def setting() -> SettingResult:
    base = np.linspace(0.2, 0.8, 20)[None]
    shifts = {"none": 0.0, "labels_25": 0.05, "labels_100": 0.2, "kg": 0.1, "shuffled": 0.0}
    return SettingResult.of(
        "s", [ArmScores(described(name), base + by) for name, by in shifts.items()]
    )


def drawings() -> dict[str, Figure]:
    found = setting()
    worth = found.label_equivalent()
    assert worth is not None
    learned = {"kg": {"class": [0.2, 0.3], "calls": [0.1, 0.1]}, "shuffled": {"class": [0.0, 0.01]}}
    return {
        "arms": plots.intervals([plots.arm_row(arm) for arm in found.arms.values()], "MRR"),
        "forest": plots.intervals(
            [plots.comparison_row(c) for c in found.comparisons], "difference", reference=0
        ),
        "gates": plots.gates(
            learned,
            ["class", "calls"],
            (-0.1, 0.4),
            {"kg": "knowledge", "shuffled": "placebo"},
        ),
        "curve": plots.label_curve(found.label_curve(), found.arms["kg"], "MRR", worth, "pairs"),
    }


@pytest.mark.parametrize("name", ["arms", "forest", "gates", "curve"])
def test_every_figure_draws_as_png_and_svg(name: str) -> None:
    image = png(drawings()[name], dpi=60)
    assert image.startswith(PNG)
    assert len(image) > 2000
    text = svg(drawings()[name], name)
    assert text.startswith("<svg role=")
    assert text.endswith("</svg>")
    assert "http" not in text


def test_svg_takes_its_colours_from_the_page() -> None:
    text = svg(drawings()["arms"], "arms")
    used = set(re.findall(r"var\(--(\w+)\)", text))
    assert {"knowledge", "placebo", "labels", "plain", "ink", "grid"} <= used
    assert not any(value in text for value in COLOURS.values())


def test_ids_of_two_drawings_differ() -> None:
    first, second = svg(drawings()["arms"], "arms: named"), svg(drawings()["arms"], "arms: masked")
    ids = [set(re.findall(r' id="([^"]+)"', text)) for text in (first, second)]
    assert ids[0]
    assert ids[0].isdisjoint(ids[1])
    for text, own in zip((first, second), ids, strict=True):
        assert {*re.findall(r'href="#([^"]+)"', text), *re.findall(r"url\(#([^)]+)\)", text)} <= own


def test_labels_are_text_never_markup_or_mathematics() -> None:
    hostile = r"<script>$\frac{$</script>"
    row = plots.Row(hostile, 0.5, 0.4, 0.6, hostile, "plain")
    text = svg(plots.intervals([row], hostile), hostile)
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_letters_that_the_font_lacks_are_no_error() -> None:
    assert "図書館" in svg(
        plots.intervals([plots.Row("図書館", 0.5, 0.4, 0.6, "", "plain")], "MRR"), "arms"
    )


def test_rows_say_what_they_show() -> None:
    kg = plots.arm_row(setting().arms["kg"])
    assert (kg.text, kg.colour, kg.bold, list(kg.points)) == (".600", "knowledge", False, [])
    found = plots.comparison_row(Comparison("kg", "none", -0.1, (-0.2, -0.05), "hurts"))
    assert (found.label, found.colour) == ("kg vs none", "placebo")
    assert found.text == "\N{MINUS SIGN}.100"


def test_span_holds_everything_with_a_margin() -> None:
    row = plots.Row("a", 0.5, 0.4, 0.6, "", "plain", [0.7])
    assert plots.span([row]) == pytest.approx((0.388, 0.712))
    assert plots.span([row], 0.0)[0] == pytest.approx(-0.028)
    low, high = plots.span([plots.Row("a", 0.5, 0.5, 0.5, "", "plain")])
    assert low < 0.5 < high


@pytest.mark.parametrize("role", ["plain", "knowledge", "placebo", "labels"])
def test_colour_follows_the_role_whatever_the_name(role: Role) -> None:
    assert tone_of(Arm("my_own", role)).colour == role


def test_shorten_makes_one_printable_line() -> None:
    assert shorten("a\n b\x00c") == "a b c"
    assert shorten("x" * 40, 10) == "x" * 9 + "…"


def test_many_learning_curves_are_named_in_lines_of_three() -> None:
    scores = ArmScores(described("none"), np.linspace(0.2, 0.8, 20)[None])
    curves = {f"a long name of arm {number}": {1: scores, 5: scores} for number in range(10)}
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a legend wider than the figure leaves no room for curves
        text = svg(plots.learning_curves(curves, "MRR"), "learning")
    assert all(f">{name}</text>" in text for name in curves)
