"""README.md: its table is that of the results files, its links lead somewhere, its verbs exist."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer

from kgtransfer import cli
from kgtransfer.experiments.comparison import MINUS

LINK = re.compile(r"\]\(([^)#\s]+)")
Pair = Sequence[Any]  # difference, both ends of its interval, verdict
Scores = tuple[Sequence[float], Pair, Pair]  # baseline, kg, shuffled; kg - baseline, kg - shuffled


def _images(experiment: Any, setting: str) -> Scores:
    arms, pairs = (experiment[setting][part] for part in ("arms", "comparisons"))
    means = [arms[name][0] for name in ("baseline", "kg", "shuffled")]
    return means, pairs["kg - baseline"], pairs["kg - shuffled"]


def _pair(comparisons: Any, other: str, scale: float = 1) -> Pair:
    (pair,) = (pair for pair in comparisons if (pair["a"], pair["b"]) == ("kg", other))
    return [*(scale * value for value in (pair["difference"], *pair["ci95"])), pair["verdict"]]


def _named(results: Any, domain: str) -> Scores:
    """No label: names of classes are the baseline."""
    arms = results[domain]["zero_labels"]["all"]
    kg, end = "text + synsets, self-trained", ", self-trained"
    means = [100 * arms[name]["accuracy"] for name in (f"text{end}", kg, f"shuffled{end}")]
    pairs = [arms[kg]["against"][f"{other}{end}"] for other in ("text", "shuffled")]
    of_baseline, of_placebo = (
        [*(100 * value for value in (pair["difference"], *pair["ci95"])), pair["verdict"]]
        for pair in pairs
    )
    return means, of_baseline, of_placebo


def _code(setting: Any, baseline: str) -> Scores:
    means = [setting["arms"][name]["mean"] for name in (baseline, "kg", "shuffled")]
    return means, _pair(setting["comparisons"], baseline), _pair(setting["comparisons"], "shuffled")


def _nodes(results: Any, data: str, baseline: str = "baseline") -> Scores:
    arms, pairs = (results[data][part] for part in ("arms", "differences"))
    means = [arms[name]["accuracy"] for name in (baseline, "kg", "shuffled")]
    return means, pairs[f"kg - {baseline}"], pairs["kg - shuffled"]


def _rows(results: Any, setting: str) -> Scores:
    return _nodes(results["scipy"]["settings"], setting)


# File of results -> what a row is about -> its scores.
ROWS: dict[str, dict[str, Callable[[Any], Scores]]] = {
    "vision": {
        "blood cells, 5 labels a class: the laboratory learned from": lambda r: _images(
            r["cells"], "source, 5 labels"
        ),
        "the same: a second laboratory": lambda r: _images(r["cells"], "wbc_jtsc, 5 labels"),
        "the same: a third one": lambda r: _images(r["cells"], "wbc_bccd, 5 labels"),
    },
    "remote_sensing": {
        "scenes from above, 5 labels, against `baseline_measured`": lambda r: _images(
            r["few labels"], "source, 5 labels"
        ),
        "the same, 20 labels, against `baseline_measured`": lambda r: _images(
            r["few labels"], "source, 20 labels"
        ),
    },
    "texts": {
        "photos, no label, names of classes by their texts; WordNet": lambda r: _named(r, "photo"),
        "the same: paintings": lambda r: _named(r, "art_painting"),
        "the same: cartoons": lambda r: _named(r, "cartoon"),
    },
    "rows": {
        "texts of ten parts of SciPy, no label": lambda r: _rows(r, "no label"),
        "the same, 2 labels a class": lambda r: _rows(r, "2 labels a class"),
        "the same, 10 % of the labels": lambda r: _rows(r, "10% labelled"),
    },
    "code_search_demo": {
        "code search, no label, functions of the standard library: MRR": lambda r: _code(
            r, "baseline"
        ),
        "the same, against a fixed share of the context": lambda r: _code(r, "kg_fixed"),
    },
    "code_pairs": {
        "SQL by people's questions, no label: MRR": lambda r: _code(r["sql"], "baseline"),
        "commands of a shell, no label: MRR": lambda r: _code(r["nl2bash"], "baseline"),
    },
    "graph_baseline": {
        "authors of Coauthor CS, 1 label a class": lambda r: _nodes(
            r, "coauthor_cs, 1 label a class"
        ),
    },
    "graph_control": {
        "the same, 5 labels, against `control`": lambda r: _nodes(
            r, "coauthor_cs, 5 labels a class", "control"
        ),
        "papers of Cora_ML, 10 % of the labels, against `control`": lambda r: _nodes(
            r, "cora_ml", "control"
        ),
    },
}


def _percent(value: float, signed: bool = False) -> str:
    return f"{value:+.1f}" if signed else f"{value:.1f}"


def _rank(value: float, signed: bool = False) -> str:
    return (f"{value:+.3f}" if signed else f"{value:.3f}").replace("0.", ".", 1)


def _difference(pair: Pair, show: Callable[..., str]) -> str:
    value, low, high = (show(number, signed=True) for number in pair[:3])
    text = re.sub(r"[+-]((?:0)?\.0+)\b", r"\1", f"{value} [{low}, {high}]")
    return text.replace("-", MINUS)


def table(repository: Path) -> list[str]:
    """The rows of the table, as the results files have them."""
    lines = []
    for file, rows in ROWS.items():
        path = f"benchmarks/results/{file}.json"
        results = json.loads((repository / path).read_text(encoding="utf-8"))
        show = _rank if file.startswith("code_") else _percent
        for what, scores in rows.items():
            means, gain, placebo = scores(results)
            cells = [what, *map(show, means), _difference(gain, show), gain[3]]
            cells += [_difference(placebo, show), f"[{file}]({path})"]
            lines.append(f"| {' | '.join(cells)} |")
    return lines


@pytest.fixture
def readme(repository: Path) -> str:
    return (repository / "README.md").read_text(encoding="utf-8")


def test_its_table_is_that_of_the_results(repository: Path, readme: str) -> None:
    lines = [line for line in readme.splitlines() if line.startswith("|")]
    assert [line for line in lines if "](benchmarks/results/" in line] == table(repository)


def test_its_figures_without_any_label_are_those_of_the_results(
    repository: Path, readme: str
) -> None:
    folder = repository / "benchmarks" / "results"
    cells, scenes = (
        json.loads((folder / f"{name}.json").read_text()) for name in ("cells", "scenes")
    )
    labs = [cells["zero_class_labels"][name] for name in ("pbc test", "jtsc", "bccd")]
    images = [scenes["scenes"]["zero_labels"]["other half"]]
    images += [scenes["photos"]["zero_labels"][name] for name in ("photo", "cartoon")]
    figures = [(f"{lab['balanced_accuracy']:.1f}", f"{lab['shuffled']:.1f}") for lab in labs]
    figures += [(f"{100 * d['axioms']:.1f}", f"{100 * d['shuffled']:.1f}") for d in images]
    assert re.findall(r"(\d+\.\d) \(placebo (\d+\.\d)\)", readme) == figures


def test_results_that_show_nothing_stand_in_it(readme: str) -> None:
    verdicts = re.findall(r"\| (helps|no measurable effect|hurts) \|", readme)
    assert set(verdicts) == {"helps", "no measurable effect", "hurts"}


def test_it_is_read_in_five_minutes(readme: str) -> None:
    assert len(readme.splitlines()) <= 155


def test_its_links_lead_somewhere(repository: Path, readme: str) -> None:
    links = [link for link in LINK.findall(readme) if "://" not in link]
    assert len(links) > 15
    assert [link for link in links if not (repository / link).exists()] == []


def test_its_verbs_exist(readme: str) -> None:
    verbs = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    named = set(re.findall(r"^kgtransfer (\w+)", readme, re.MULTILINE))
    assert {"new", "suggest", "train", "retrain"} <= named
    assert named <= set(verbs)
