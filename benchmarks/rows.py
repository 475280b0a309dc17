"""Texts as rows: what is known of classes, on top of the strongest method without that knowledge.

    python benchmarks/rows.py [NAME ...]

NAME is a key of `DOMAINS`; all of them by default. Samples are the first lines of what the public
functions and classes of a part of SciPy say of themselves; the class is the part. The installed
SciPy is read, nothing is downloaded. The ontology (`benchmarks/ontologies`) was written from
general knowledge, before any of the texts was read. All settings are tested on the same texts of a
seed; finished fits are kept in `runs/rows`.
"""

from __future__ import annotations

import importlib
import inspect
import json
import platform
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy
import torch

import kgtransfer as kgt
from kgtransfer.experiments.arms import Arm, choose_arms
from kgtransfer.experiments.results import ArmScores, Comparison
from kgtransfer.experiments.runner import SettingRuns, run_setting
from kgtransfer.nodes.arms import ROW_ARMS
from kgtransfer.nodes.attributes.dataset import attribute_facts, attribute_knowledge
from kgtransfer.nodes.attributes.graph import build_attribute_graph
from kgtransfer.nodes.data.splits import random_split
from kgtransfer.nodes.task import NodeTask
from kgtransfer.report.candidates import candidate_findings
from kgtransfer.utils.progress import say
from kgtransfer.utils.resources import resource

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "rows.json"
RUNS = ROOT / "runs" / "rows"
SEEDS = 5
FEW = (0, 2)  # labels a class, beside 10 % of all
FEWEST = 20  # texts of a part
ARMS = choose_arms(
    ROW_ARMS,
    ["class_names", "baseline_linear", "control", "baseline", "kg", "kg_unlabelled", "shuffled"],
)


@dataclass(frozen=True)
class Domain:
    """Packages whose parts are the classes of their docstrings, and what is known of them."""

    package: str
    parts: tuple[str, ...]
    ontology: str


DOMAINS = {
    "scipy": Domain(
        "scipy",
        (
            "stats", "signal", "optimize", "sparse", "spatial", "special", "ndimage",
            "interpolate", "linalg", "fft", "integrate",
        ),
        "scipy_parts.ttl",
    ),
}  # fmt: skip


def texts_of(domain: Domain) -> Iterator[tuple[str, str]]:
    """Part and first line of a docstring; a text that two parts have is in none."""
    seen: dict[str, set[str]] = {}
    for part in domain.parts:
        module = importlib.import_module(f"{domain.package}.{part}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = [getattr(module, name) for name in dir(module) if not name.startswith("_")]
        for thing in found:
            home = str(getattr(thing, "__module__", "") or "")
            is_own = home.startswith(f"{domain.package}.{part}") or type(thing).__name__ == "ufunc"
            if (callable(thing) and is_own) and (text := first_line(thing)):
                seen.setdefault(text, set()).add(part)
    for text, parts in seen.items():
        if len(parts) == 1:
            yield min(parts), text


def first_line(thing: object) -> str:
    """The first paragraph of a docstring, signatures aside."""
    paragraphs = (inspect.getdoc(thing) or "").split("\n\n")
    for paragraph in paragraphs[:3]:
        text = " ".join(paragraph.split())
        if " " in text and not text.split("(")[0].isidentifier():
            return text
    return ""


def table_of(domain: Domain) -> kgt.nodes.NodeGraph:
    """The rows: a text and its part; parts with few texts are left out."""
    rows = list(texts_of(domain))
    counts = {part: sum(part == other for other, _ in rows) for part in domain.parts}
    kept = [(part, text) for part, text in rows if counts[part] >= FEWEST]
    table = {"label": [part for part, _ in kept], "text": [text for _, text in kept]}
    return kgt.read_nodes(table, name=domain.package, text=("text",))


def measure(name: str) -> dict[str, Any]:
    """Scores of all arms in all settings, with differences and candidates."""
    domain = DOMAINS[name]
    rows = table_of(domain)
    ontology = kgt.read_ontology(
        resource("ontology/attributes.ttl"), ROOT / "benchmarks" / "ontologies" / domain.ontology
    )
    facts = attribute_facts(rows, train=random_split(rows, 0).train, ontology=ontology)
    graph = ontology | build_attribute_graph(facts, ontology)
    encoder = kgt.TextEncoder.from_pretrained("minilm", max_tokens=64)
    knowledge = attribute_knowledge(
        rows, graph, facts, select=graph.concepts, encoder=lambda: encoder, cache=RUNS / "cache"
    )
    task = NodeTask(rows, knowledge=knowledge, few_labels=FEW, text=encoder, cache=RUNS / "cache")
    runs = {
        setting.name: run_setting(
            task,
            setting,
            seeds=range(SEEDS),
            folder=RUNS / "fits",
            key=task.hash,
            headline=task.headline,
            progress=say,
        )
        for setting in task.settings(ARMS)
    }
    counts = {part: rows.classes.index(part) for part in rows.classes}
    return {
        "texts": {part: int((rows.labels == row).sum()) for part, row in counts.items()},
        "seeds": SEEDS,
        "settings": {
            setting: {**_of_setting(found.result), "kg - candidate": _over_candidates(found)}
            for setting, found in runs.items()
        },
        **candidate_findings(runs),
    }


def _over_candidates(runs: SettingRuns) -> dict[str, list[float | str]]:
    """Candidate -> what `kg` is above it, whichever was chosen: difference, ends, verdict."""
    fits, found = runs.runs["baseline"], {}
    for name in fits[0].candidates:
        scores = np.stack([fit.candidates[name] for fit in fits])
        pair = Comparison.of(runs.result.arms["kg"], ArmScores(Arm(name), scores))
        found[name] = [*(round(100 * v, 2) for v in (pair.difference, *pair.ci95)), pair.verdict]
    return found


def _of_setting(result: Any) -> dict[str, Any]:
    arms = {
        arm.name: {
            "accuracy": round(100 * arm.mean, 2),
            "sd": round(100 * arm.sd, 2),
            "ci95": [round(100 * end, 2) for end in arm.ci95],
        }
        for arm in result.arms.values()
    }
    pairs = {
        f"{c.a} - {c.b}": [
            *(round(100 * value, 2) for value in (c.difference, *c.ci95)),
            c.verdict,
        ]
        for c in result.comparisons
    }
    return {"test texts": result.samples, "arms": arms, "differences": pairs}


def main() -> None:
    torch.set_num_threads(1)
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    for name in sys.argv[1:] or DOMAINS:
        results[name] = {"command": f"python benchmarks/rows.py {name}", **measure(name)}
        results["environment"] = {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "scipy": scipy.__version__,
        }
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
