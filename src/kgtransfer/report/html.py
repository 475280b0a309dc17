"""`report.html`: one self-contained page, drawn from a RunResult alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

from jinja2 import ChainableUndefined, Environment, FileSystemLoader, Template
from markupsafe import Markup, escape

from kgtransfer.experiments.comparison import ArmScores, Comparison, format_score
from kgtransfer.report import concept_map, plots
from kgtransfer.report.heat_maps import confusion_matrix, heat_maps
from kgtransfer.report.style import svg, tone_of
from kgtransfer.report.summary import label_unit, metric_name, summarise
from kgtransfer.utils.files import write_atomically
from kgtransfer.utils.terminal import printable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from kgtransfer.experiments.results import RunResult
    from kgtransfer.experiments.setting import SettingResult

__all__ = ["render", "template", "write_report"]

Gates = Mapping[str, Sequence[float]]  # relation -> value of each seed


def write_report(run: RunResult, folder: str | Path) -> Path:
    """Write `report.html` into the folder and return its path.

    The page needs nothing else: no script, no font, no file, no network.
    """
    path = Path(folder) / "report.html"
    write_atomically(path, render(run).encode())
    return path


def render(run: RunResult) -> str:
    """The page as text."""
    return template("report.html.jinja").render(
        run=run,
        details=run.details,
        metric=metric_name(run.metric),
        summaries={name: summarise(run, name) for name in run.settings},
        further=_further_metrics(run),
        unit=label_unit(run),
        compared=_compared(run),
        reference=_reference(run),
        **_figures(run),
    )


@cache
def template(name: str) -> Template:
    """A template of this folder, escaping all it is given."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        finalize=_displayed,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        score=format_score, metric=metric_name, code=_code, plain=_plain, tone=tone_of
    )
    return environment.get_template(name)


def _displayed(value: object) -> object:
    """What a page shows of a value: a text that turns its neighbours around turns none."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _code(text: str) -> Markup:
    """Backticked words as <code>, everything escaped."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(printable(text)))))


def _plain(value: object) -> str:
    """A detail's value on one line."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_plain(item) for item in value)
    return str(value)


def _further_metrics(run: RunResult) -> list[str]:
    """Names of the metrics beside the main one, in the order the arms give them."""
    arms = (arm for setting in run.settings.values() for arm in setting.arms.values())
    return list(dict.fromkeys(name for arm in arms for name in arm.metrics))


def _compared(run: RunResult) -> dict[tuple[str, str], dict[str, Comparison]]:
    """The comparisons of all settings: {(arm, arm): {setting: comparison}}."""
    table: dict[tuple[str, str], dict[str, Comparison]] = {}
    for name, setting in run.settings.items():
        for comparison in setting.comparisons:
            table.setdefault((comparison.a, comparison.b), {})[name] = comparison
    return table


def _figures(run: RunResult) -> dict[str, Any]:
    """Every drawing that the run has data for, as {section: {setting: svg}} and the map."""
    metric = metric_name(run.metric)
    drawn = {
        "arms": _arm_panels(run, metric),
        "forests": _forests(run, metric),
        "gates": _gate_panels(run),
        "curves": _curves(run, metric),
        "learning": _learning_curves(run, metric),
        "confusion": {
            name: confusion_matrix(found["table"], found["classes"])
            for name, found in run.details.get("confusion", {}).items()
        },
    }
    figures: dict[str, Any] = {
        section: {name: _markup(figure, f"{section}: {name}") for name, figure in panels.items()}
        for section, panels in drawn.items()
    }
    figures["own_panels"] = {
        heading: {name: _markup(figure, f"{heading}: {name}") for name, figure in panels.items()}
        for heading, panels in _own_panels(run, metric).items()
    }
    if heat := run.details.get("concepts"):
        drawing = heat_maps(heat["seen"], heat["stated"], heat["classes"], heat["names"])
        figures["heat"] = _markup(drawing, "concepts by class")
    places = run.details.get("map", {})
    if places.get("x"):
        figures["map"] = _markup(concept_map.draw(places), "map of the concepts")
        figures["map_caption"] = concept_map.caption(places)
    return figures


def _markup(figure: Figure, title: str) -> Markup:
    return Markup(svg(figure, title))


def _reference(run: RunResult) -> str:
    """Name of the plain arm that the headline is set against first; empty without one."""
    gain = run.main.reference(run.headline)
    return gain.b if gain else ""


def _arm_panels(run: RunResult, metric: str) -> dict[str, Figure]:
    """All arms but points of the learning curve and those of own panels, best of the main first."""
    order = sorted(_shown(run.main), key=lambda arm: -run.main.arms[arm].mean)
    extra = [arm for setting in run.settings.values() for arm in _shown(setting)]
    return _panels(run, list(dict.fromkeys([*order, *extra])), metric, shown=_shown)


def _own_panels(run: RunResult, metric: str) -> dict[str, dict[str, Figure]]:
    """Heading -> figures of the arms that ask to be drawn under it."""
    headings: dict[str, dict[str, None]] = {}
    for setting in run.settings.values():
        for name, scores in setting.arms.items():
            if scores.arm.panel:
                headings.setdefault(scores.arm.panel, {})[name] = None
    return {
        heading: _panels(run, list(arms), metric, reference=_reference(run))
        for heading, arms in headings.items()
    }


def _panels(
    run: RunResult,
    arms: Sequence[str],
    metric: str,
    reference: str = "",
    shown: Callable[[SettingResult], Iterable[str]] = lambda setting: setting.arms,
) -> dict[str, Figure]:
    """One dot-and-interval panel a setting on one common scale, its rows in the order of `arms`."""
    rows = {}
    for name, setting in run.settings.items():
        here = set(shown(setting))
        rows[name] = [
            plots.arm_row(setting.arms[arm], bold=arm == run.headline)
            for arm in arms
            if arm in here
        ]
    lines = {
        name: setting.arms[reference].mean
        for name, setting in run.settings.items()
        if reference in setting.arms
    }
    limits = plots.span([row for panel in rows.values() for row in panel], *lines.values())
    return {
        name: plots.intervals(panel, metric, limits, reference=lines.get(name))
        for name, panel in rows.items()
        if panel
    }


def _learning_curves(run: RunResult, metric: str) -> dict[str, Figure]:
    """Arms that ran with several numbers of labels, over these; a panel a test set."""
    points: dict[str, dict[str, dict[float, ArmScores]]] = {}
    for name, setting in run.settings.items():
        for arm, scores in setting.arms.items():
            if setting.labels and scores.arm.role != "labels":
                of_test = points.setdefault(name.split(",")[0], {})
                of_test.setdefault(arm, {})[setting.labels] = scores
    curves = {
        test: {arm: curve for arm, curve in arms.items() if len(curve) > 1}
        for test, arms in points.items()
    }
    return {
        test: plots.learning_curves(arms, metric, label_unit(run), run.headline)
        for test, arms in curves.items()
        if arms
    }


def _gate_panels(run: RunResult) -> dict[str, Figure]:
    """Gates of the knowledge and its placebo, rows and scale alike in each panel.

    Settings whose models are the same, tested on several data sets, share a panel.
    """
    learned: Mapping[str, Mapping[str, Gates]] = run.details.get("gates", {})
    panels: list[tuple[list[str], dict[str, Gates]]] = []
    for name, arms in learned.items():
        shown = _against_placebo(run, arms)
        same = next((names for names, drawn in panels if drawn == shown), None)
        if same is not None:
            same.append(name)
        elif shown:
            panels.append(([name], shown))
    every = [gates for _, arms in panels for gates in arms.values()]
    if not every:
        return {}
    means = {relation: fmean(values) for relation, values in every[0].items()}
    relations = sorted(means, key=lambda relation: -means[relation])
    limits = plots.span(
        [], 0.0, *(v for gates in every for values in gates.values() for v in values)
    )
    return {
        " · ".join(names): plots.gates(arms, relations, limits, _colours(run, arms))
        for names, arms in panels
    }


def _colours(run: RunResult, names: Iterable[str]) -> dict[str, str]:
    """Arm -> key of COLOURS."""
    scores = {name: arm for setting in run.settings.values() for name, arm in setting.arms.items()}
    return {n: tone_of(scores[n].arm).colour if n in scores else "plain" for n in names}


def _against_placebo(run: RunResult, arms: Mapping[str, Gates]) -> dict[str, Gates]:
    """The headline and its placebo where they have gates, else all arms that do."""
    learned = {arm: gates for arm, gates in arms.items() if gates}
    pair = {run.headline, run.main.placebo}
    return {arm: gates for arm, gates in learned.items() if arm in pair} or learned


def _shown(setting: SettingResult) -> list[str]:
    """Arms of the main plot: all without a panel of their own; of the curve its last point."""
    points = [arm.name for arm in setting.label_curve().values() if arm.arm.role == "labels"]
    return [
        name
        for name, scores in setting.arms.items()
        if not scores.arm.panel and name not in points[:-1]
    ]


def _forests(run: RunResult, metric: str) -> dict[str, Figure]:
    rows = {
        name: [plots.comparison_row(comparison) for comparison in setting.comparisons]
        for name, setting in run.settings.items()
    }
    every = [row for panel in rows.values() for row in panel]
    if not every:
        return {}
    limits = plots.span(every, 0.0)
    title = f"difference in {metric}"
    return {
        name: plots.intervals(panel, title, limits, reference=0)
        for name, panel in rows.items()
        if panel
    }


def _curves(run: RunResult, metric: str) -> dict[str, Figure]:
    """Learning curves of the settings that have the points."""
    figures = {}
    for name, setting in run.settings.items():
        worth = setting.label_equivalent()
        if worth is not None:
            curve = setting.label_curve()
            unit = label_unit(run)
            given = f"{setting.labels:g} {unit}" if setting.labels else "no labels"
            arm = setting.arms[worth.arm]
            figures[name] = plots.label_curve(curve, arm, metric, worth, unit, given)
    return figures
