"""The figures of a run's settings, a panel a setting on common scales."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean
from typing import TYPE_CHECKING

from kgtransfer.report import plots
from kgtransfer.report.heat_maps import confusion_matrix
from kgtransfer.report.reliability import reliability_diagram
from kgtransfer.report.scatter import scatter
from kgtransfer.report.style import tone_of
from kgtransfer.report.summary import label_unit, metric_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from kgtransfer.experiments.comparison import ArmScores
    from kgtransfer.experiments.results import RunResult
    from kgtransfer.experiments.setting import SettingResult

__all__ = ["class_colours", "figures", "own_panels", "reference"]

Gates = Mapping[str, Sequence[float]]  # relation -> value of each seed


def figures(run: RunResult) -> dict[str, dict[str, Figure]]:
    """Every drawing that the settings of a run have data for: section -> setting -> figure."""
    metric = metric_name(run.metric)
    return {
        "arms": _arm_panels(run, metric),
        "forests": _forests(run, metric),
        "gates": _gate_panels(run),
        "curves": _curves(run, metric),
        "learning": _learning_curves(run, metric),
        "confusion": {
            name: confusion_matrix(found["table"], found["classes"], class_colours(run))
            for name, found in run.details.get("confusion", {}).items()
        },
        "scatter": {
            name: scatter(found["true"], found["predicted"])
            for name, found in run.details.get("scatter", {}).items()
        },
        "calibration": {
            name: reliability_diagram(found["bins"], found["ece"], found.get("abstention", ()))
            for name, found in run.details.get("calibration", {}).items()
        },
    }


def class_colours(run: RunResult) -> Mapping[str, str]:
    """The colours that the run's ontology gives its classes, by their labels."""
    return (run.details.get("graph") or {}).get("colours") or {}


def reference(run: RunResult) -> str:
    """Name of the plain arm that the headline is set against first; empty without one."""
    gain = run.main.reference(run.headline)
    return gain.b if gain else ""


def _arm_panels(run: RunResult, metric: str) -> dict[str, Figure]:
    """All arms but points of the learning curve and those of own panels, best of the main first."""
    order = sorted(_shown(run.main), key=lambda arm: -run.main.arms[arm].mean)
    extra = [arm for setting in run.settings.values() for arm in _shown(setting)]
    return _panels(run, list(dict.fromkeys([*order, *extra])), metric, shown=_shown)


def own_panels(run: RunResult, metric: str) -> dict[str, dict[str, Figure]]:
    """Heading -> figures of the arms that ask to be drawn under it."""
    headings: dict[str, dict[str, None]] = {}
    for setting in run.settings.values():
        for name, scores in setting.arms.items():
            if scores.arm.panel:
                headings.setdefault(scores.arm.panel, {})[name] = None
    return {
        heading: _panels(run, list(arms), metric, reference=reference(run))
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
