"""`report.html`: one self-contained page, drawn from a RunResult alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import ChainableUndefined, Environment, FileSystemLoader, Template
from markupsafe import Markup, escape

from kgtransfer.experiments.comparison import format_score
from kgtransfer.report import concept_map
from kgtransfer.report.candidates import candidate_tables
from kgtransfer.report.heat_maps import confusion_width, heat_maps
from kgtransfer.report.panels import class_colours, figures, own_panels, reference
from kgtransfer.report.parts import tests_and_validation
from kgtransfer.report.style import svg, tone_of
from kgtransfer.report.summary import label_unit, metric_name, ontology_of, summarise
from kgtransfer.utils.files import write_atomically
from kgtransfer.utils.terminal import printable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from kgtransfer.experiments.results import RunResult

__all__ = ["render", "template", "write_report"]

PLUMBING = re.compile(r"owl:(\w+Property|NamedIndividual|Ontology)")
"""Classes of OWL that say how a concept is written down, not what it is."""
REM = 6.0  # of the page, an inch of a figure


def write_report(run: RunResult, folder: str | Path) -> Path:
    """Write `report.html` into the folder and return its path.

    The page needs nothing else: no script, no font, no file, no network.
    """
    path = Path(folder) / "report.html"
    write_atomically(path, render(run).encode())
    return path


def render(run: RunResult) -> str:
    """The page as text."""
    tests, validation = tests_and_validation(run)
    return template("report.html.jinja").render(
        run=tests,
        details=tests.details,
        ontology=ontology_of(run),
        metric=metric_name(run.metric),
        further=_further_metrics(run),
        unit=label_unit(run),
        tests=_part(tests),
        validation=_part(validation) if validation else None,
        **_of_the_knowledge(tests),
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


def _part(run: RunResult) -> dict[str, Any]:
    """What the page shows of some settings of a run."""
    drawn: dict[str, Any] = {
        section: _drawings(section, panels) for section, panels in figures(run).items()
    }
    own = own_panels(run, metric_name(run.metric))
    confusion = run.details.get("confusion", {}).values()
    most = max((len(found["classes"]) for found in confusion), default=0)
    return drawn | {
        "run": run,
        "many": len(run.settings) > 1,
        "summaries": {name: summarise(run, name) for name in run.settings},
        "reference": reference(run),
        "described": _described(run),
        "candidates": candidate_tables(run),
        "own_panels": {heading: _drawings(heading, panels) for heading, panels in own.items()},
        "confusion_width": round(REM * confusion_width(most)),
    }


def _described(run: RunResult) -> set[str]:
    """Settings whose table says what its arms are: it has some that no table above has."""
    seen: set[str] = set()
    described = set()
    for name, setting in run.settings.items():
        if not seen.issuperset(setting.arms):
            described.add(name)
        seen.update(setting.arms)
    return described


def _of_the_knowledge(run: RunResult) -> dict[str, Any]:
    """Drawings of concepts, whatever the setting."""
    classes = (run.details.get("graph") or {}).get("classes") or {}
    own = {name: count for name, count in classes.items() if not PLUMBING.fullmatch(name)}
    drawn: dict[str, Any] = {"classes": own or classes}
    if heat := run.details.get("concepts"):
        axes = heat["classes"], heat["names"]
        figure = heat_maps(heat["seen"], heat["stated"], *axes, class_colours(run))
        drawn["heat_width"] = round(1.2 * REM * figure.get_figwidth())
        drawn["heat"] = _markup(figure, "concepts by class")
    places = run.details.get("map", {})
    if places.get("x"):
        drawn["map"] = _markup(concept_map.draw(places), "map of the concepts")
        drawn["map_caption"] = concept_map.caption(places)
    return drawn


def _drawings(section: str, panels: Mapping[str, Figure]) -> dict[str, Markup]:
    return {name: _markup(figure, f"{section}: {name}") for name, figure in panels.items()}


def _markup(figure: Figure, title: str) -> Markup:
    return Markup(svg(figure, title))
