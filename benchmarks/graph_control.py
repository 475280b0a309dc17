"""Node classification: all arms on public graphs, the published method, and few labels.

    KGTRANSFER_DATA=... python benchmarks/graph_control.py ["NAME" ...] [--chosen]

NAME is a key of `JOBS`; all of them by default. With `--chosen` only `baseline_linear`, `control`,
the chosen `baseline`, and `kg` and `shuffled` on top of it are fitted, on the same splits, and
written to `graph_baseline.json`: in `graph_control.json` the baseline is the linear one, and `kg`
is `control` with knowledge. Finished fits are kept in `runs/graph_control`, so
an interrupted call goes on. Every arm is trained and tested on the same random splits, 10 % of the
nodes against 90 % unless labels are counted per class; everything is chosen within the training
nodes, and the test is looked at once. `best_on_test` is the published protocol: the best accuracy
on the test over the epochs.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

import kgtransfer as kgt
from kgtransfer.experiments.arms import Arm, choose_arms
from kgtransfer.experiments.runner import SettingRuns, run_setting
from kgtransfer.experiments.task import Setting
from kgtransfer.nodes import arms
from kgtransfer.nodes.arms import NodeMethod
from kgtransfer.report.candidates import candidate_findings
from kgtransfer.utils.progress import say
from kgtransfer.utils.resources import resource

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "graph_control.json"
CHOSEN = RESULTS.with_name("graph_baseline.json")
FILES = ("ontology/attributes.ttl", "ontology/research_fields.ttl")
ARMS = tuple(arm for arm in arms.ARMS if arm.name != "gcc")  # it is `none`
RANDOM = Arm("gcc_random", method=NodeMethod("tuned", encoder="random"))
QUICK = tuple(choose_arms(ARMS, ["baseline_linear", "control", "baseline", "kg", "shuffled"]))
FEW = tuple(choose_arms(ARMS, ["none", *(arm.name for arm in QUICK)]))
PUBLISHED = (
    Arm("graphcontrol", method=NodeMethod("control")),
    Arm("graphcontrol_random", method=NodeMethod("control", encoder="random")),
)
PAPER = kgt.nodes.NodeRecipe(preset="graphcontrol-2024", protocol="paper")


@dataclass(frozen=True)
class Job:
    """A data set, the arms to fit on it, and how often."""

    data: str
    seeds: int
    arms: tuple[Arm[NodeMethod], ...] = ARMS
    labels: int = 0  # of each class; 0: 10 % of the nodes
    recipe: kgt.nodes.NodeRecipe = field(default_factory=kgt.nodes.NodeRecipe)


BY_ATTRIBUTES = replace(PAPER, local="attributes")
LAYERS = replace(PAPER, layerwise=True)
JOBS = {
    "europe_airport": Job("europe_airport", 20, (*ARMS, RANDOM)),
    "usa_airport": Job("usa_airport", 10),
    "cora_ml": Job("cora_ml", 10),
    "coauthor_cs, 1 label a class": Job("coauthor_cs", 5, FEW, 1),
    "coauthor_cs, 3 labels a class": Job("coauthor_cs", 5, FEW, 3),
    "coauthor_cs, 5 labels a class": Job("coauthor_cs", 5, FEW, 5),
    "coauthor_physics, 1 label a class": Job("coauthor_physics", 5, FEW, 1),
    "coauthor_physics, 3 labels a class": Job("coauthor_physics", 5, QUICK, 3),
    "coauthor_physics, 5 labels a class": Job("coauthor_physics", 5, QUICK, 5),
    "hindex": Job("hindex", 5),
    "dblp": Job("dblp", 5),
    "chameleon": Job("chameleon", 5),
    "actor": Job("actor", 5),
    "coauthor_physics": Job("coauthor_physics", 5),
    "europe_airport, published": Job("europe_airport", 5, PUBLISHED, recipe=PAPER),
    "usa_airport, published": Job("usa_airport", 3, PUBLISHED, recipe=PAPER),
    "cora_ml, published": Job("cora_ml", 3, PUBLISHED[:1], recipe=PAPER),
    "cora_ml, published, local attributes": Job("cora_ml", 3, PUBLISHED[:1], recipe=BY_ATTRIBUTES),
    "chameleon, published": Job("chameleon", 3, PUBLISHED[:1], recipe=PAPER),
    "chameleon, published, layer-wise": Job("chameleon", 3, PUBLISHED[:1], recipe=LAYERS),
    "dblp, published": Job("dblp", 2, PUBLISHED[:1], recipe=PAPER),
}


def knowledge_of(graph: kgt.nodes.NodeGraph, folder: Path) -> Any:
    """What is known of a graph's attributes and classes, as the pipeline makes it."""
    ontology = kgt.read_ontology(*map(resource, FILES))
    facts = kgt.nodes.attribute_facts(graph, train=kgt.nodes.random_split(graph, 0).train)
    knowledge = ontology | kgt.nodes.build_attribute_graph(facts, ontology)
    return kgt.nodes.attribute_knowledge(
        graph,
        knowledge,
        facts,
        select=knowledge.concepts,
        encoder=lambda: kgt.TextEncoder.from_pretrained("minilm", max_tokens=64),
        cache=folder / "cache",
    )


def measure(name: str, job: Job) -> dict[str, Any]:
    """Scores of a job's arms, with intervals, comparisons and the gates of its arms."""
    folder = ROOT / "runs" / "graph_control"
    graph = kgt.read_nodes(job.data)
    uses_knowledge = any(arm.role == "knowledge" for arm in job.arms)
    knowledge = None
    if uses_knowledge and graph.attributes is not None:
        knowledge = knowledge_of(graph, folder)
    task = kgt.NodeTask(graph, knowledge=knowledge, recipe=job.recipe, cache=folder / "cache")
    chosen = tuple(arm for arm in job.arms if knowledge or arm.role == "plain")
    setting = Setting(name.replace(" ", "_").replace(",", ""), chosen, job.labels)
    runs = run_setting(
        task,
        setting,
        seeds=range(job.seeds),
        folder=folder / "fits",
        key=task.hash,
        progress=say,
    )
    result = runs.result
    scores = {
        arm.name: {
            "accuracy": round(100 * arm.mean, 2),
            "sd": round(100 * arm.sd, 2),
            "ci95": [round(100 * end, 2) for end in arm.ci95],
            "seconds a seed": round(arm.seconds / job.seeds, 2),
            **spread(arm.metrics),
            **opened(runs.runs[arm.name]),
        }
        for arm in result.arms.values()
    }
    pairs = {
        f"{c.a} - {c.b}": [
            round(100 * c.difference, 2),
            *(round(100 * e, 2) for e in c.ci95),
            c.verdict,
        ]
        for c in result.comparisons
    }
    return {
        "seeds": job.seeds,
        "test nodes": result.samples,
        "arms": scores,
        "differences": pairs,
        **candidates_of(runs),
    }


def candidates_of(runs: SettingRuns) -> dict[str, Any]:
    """What the baseline was chosen from: each candidate's accuracy, in %, and how often."""
    found = candidate_findings({"only": runs})
    if not found["candidates"]:
        return {}
    choices = found["chosen"]["only"].values()
    hindsight = found["hindsight"]["only"]
    return {
        "chosen": dict(Counter(choice["name"] for choice in choices)),
        "by": sorted({choice["by"] for choice in choices}),
        "candidates": {
            name: [round(100 * value, 2) for value in scores]
            for name, scores in found["candidates"]["only"].items()
        },
        "hindsight": {**hindsight, "margin": round(100 * hindsight["margin"], 2)},
    }


def spread(metrics: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Mean and deviation over seeds of an arm's further metrics, in %."""
    means = {name: round(100 * float(np.mean(values)), 2) for name, values in metrics.items()}
    return means | {
        f"{name}, sd": round(100 * float(np.std(values, ddof=1)), 2)
        for name, values in metrics.items()
    }


def opened(runs: Any) -> dict[str, Any]:
    """Mean gate of each block over seeds, of those that opened at all."""
    names = runs[0].gates
    means = {name: sum(run.gates[name] for run in runs) / len(runs) for name in names}
    kept = {name: round(value, 2) for name, value in means.items() if value}
    return {"gates": kept} if kept else {}


def main() -> None:
    if not os.environ.get("KGTRANSFER_DATA"):
        sys.exit("benchmarks/graph_control.py: set KGTRANSFER_DATA to the folder with graph/*.npz")
    torch.set_num_threads(1)
    is_chosen = "--chosen" in sys.argv
    file, option = (CHOSEN, " --chosen") if is_chosen else (RESULTS, "")
    results = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    for name in [name for name in sys.argv[1:] if name != "--chosen"] or JOBS:
        job = replace(JOBS[name], arms=QUICK) if is_chosen else JOBS[name]
        command = f'python benchmarks/graph_control.py "{name}"{option}'
        results[name] = {"command": command, **measure(name, job)}
        results["environment"] = {"python": platform.python_version(), "torch": torch.__version__}
        file.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
