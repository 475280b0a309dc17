"""Very small graphs and few labels: nothing learned may cost over the linear baseline.

    KGTRANSFER_DATA=... python benchmarks/small_graphs.py [GRAPH ...]

From each graph connected parts of 100 to 300 nodes, walked in breadth from a random root, each with
5 to 20 random labels; accuracy on all other nodes. `before` is the rule that these settings had
before: attributes by personalised PageRank, whatever the labels say. Intervals are drawn over the
parts of a graph, whose cases are not independent. On the graphs of `LOOKED_AT` the rule was found,
on other parts of them; the others were not looked at.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
import torch

import kgtransfer as kgt
from kgtransfer.errors import DataError
from kgtransfer.experiments.task import Setting
from kgtransfer.nodes import gated
from kgtransfer.nodes.arms import ARMS, NodeMethod
from kgtransfer.utils.progress import say
from kgtransfer.utils.resources import resource

if TYPE_CHECKING:
    from kgtransfer.experiments.arms import Arm
    from kgtransfer.nodes.data.graph import NodeGraph

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "small_graphs.json"
CACHE = ROOT / "runs" / "small_graphs"
FILES = ("ontology/attributes.ttl", "ontology/research_fields.ttl")
NAMED = ("coauthor_cs", "coauthor_physics")  # attributes and classes have names there
LOOKED_AT = (
    "cora_ml", "citeseer_full", "dblp", *NAMED, "amazon_computers", "actor", "chameleon_filtered",
    "blogcatalog", "facebook_pages", "usa_airport", "europe_airport",
)  # fmt: skip
OTHERS = ("planetoid_cora", "planetoid_citeseer", "flickr", "twitch_ptbr", "hindex")
SIZES, LABELS, ROOTS, SEEDS = (100, 130, 200, 300), (5, 13, 20), 2, 2
BREADTH = 12  # neighbours of a node that are walked to
FEWEST = 8  # nodes of a class in a part, or they have no label
DRAWS = 4000
FIRST = 50_000  # seed of roots; other ones were looked at


def part(graph: NodeGraph, size: int, seed: int) -> NodeGraph | None:
    """A connected part of a graph around a random node; None where one class has nearly all."""
    adjacency, rng = graph.adjacency, np.random.default_rng(seed)
    for root in rng.permutation(graph.labelled)[:200].tolist():
        reached, queue = {root}, [root]
        while queue and len(reached) < size:
            node = queue.pop(0)
            near = adjacency.indices[adjacency.indptr[node] : adjacency.indptr[node + 1]]
            fresh = [n for n in rng.permutation(near)[:BREADTH].tolist() if n not in reached]
            fresh = fresh[: size - len(reached)]
            reached.update(fresh)
            queue += fresh
        nodes = np.array(sorted(reached))
        counts = np.bincount(graph.labels[nodes] + 1, minlength=len(graph.classes) + 1)[1:]
        kept = np.flatnonzero(counts >= FEWEST)
        if len(nodes) == size and len(kept) > 1 and counts.max() <= 0.8 * size:
            return _taken(graph, nodes, kept)
    return None


def _taken(graph: NodeGraph, nodes: np.ndarray, kept: np.ndarray) -> NodeGraph:
    row = np.full(len(graph.classes) + 1, -1)
    row[kept] = np.arange(len(kept))
    place = np.full(graph.num_nodes, -1)
    place[nodes] = np.arange(len(nodes))
    edges = place[graph.edges]
    attributes, names = None, graph.attribute_names
    if graph.attributes is not None:
        attributes = sp.csr_array(graph.attributes[nodes])
        columns = np.unique(attributes.indices)
        attributes = sp.csr_array(attributes[:, columns])
        names = tuple(np.array(names)[columns]) if names else ()
    return replace(
        graph,
        num_nodes=len(nodes),
        edges=edges[:, (edges >= 0).all(axis=0)],
        labels=row[graph.labels[nodes]],
        classes=tuple(graph.classes[c] for c in kept),
        attributes=attributes,
        attribute_names=names,
    )


def knowledge_of(graph: NodeGraph) -> Any:
    """What is known of a graph's attributes and classes, as the pipeline makes it."""
    ontology = kgt.read_ontology(*map(resource, FILES))
    facts = kgt.nodes.attribute_facts(graph, train=kgt.nodes.random_split(graph, 0).train)
    whole = ontology | kgt.nodes.build_attribute_graph(facts, ontology)
    return kgt.nodes.attribute_knowledge(
        graph,
        whole,
        facts,
        select=whole.concepts,
        encoder=lambda: kgt.TextEncoder.from_pretrained("minilm", max_tokens=64),
        cache=CACHE,
    )


def scores(graph: NodeGraph, labels: int) -> Iterator[dict[str, float]]:
    """Accuracy of each arm on a part, for some random sets of labels that hold two classes."""
    knowledge = knowledge_of(graph) if graph.name in NAMED else None
    share = (labels + 0.5) / len(graph.labelled)
    task = kgt.NodeTask(graph, knowledge=knowledge, share=share)
    arms = {arm.name: arm for arm in ARMS}
    chosen = ["baseline_linear", "control", *(["kg", "shuffled"] if knowledge else [])]
    done = 0
    for seed in range(20):
        try:
            task.split(seed)
        except DataError:
            continue
        case = {name: accuracy(task, arms[name], seed) for name in chosen}
        yield {**case, "before": before(task, seed)}
        done += 1
        if done == SEEDS:
            return


def accuracy(task: kgt.NodeTask, arm: Arm[NodeMethod], seed: int) -> float:
    """Share of the test nodes that an arm names rightly."""
    return float(task.fit(Setting("part", ()), arm, seed).per_sample.mean())


def before(task: kgt.NodeTask, seed: int) -> float:
    """The same of `control` as it was: attributes by personalised PageRank, whatever labels say."""
    size = gated.SMALL_GRAPH
    gated.SMALL_GRAPH = 0
    try:
        result, _ = task.heads.fit(NodeMethod("control"), task.split(seed), seed)
    finally:
        gated.SMALL_GRAPH = size
    return float(result.per_sample.mean())


def measure(name: str) -> dict[str, Any]:
    """Means over parts, labels and seeds, and differences to the linear baseline."""
    graph = kgt.read_nodes(name)
    parts: list[list[dict[str, float]]] = []
    for size in SIZES:
        for root in range(ROOTS):
            small = part(graph, size, FIRST + 10 * size + root)
            if small is not None:
                parts.append([case for labels in LABELS for case in scores(small, labels)])
    arms = [*parts[0][0]]
    means = {arm: np.array([np.mean([c[arm] for c in cases]) for cases in parts]) for arm in arms}
    return {
        "looked at": name in LOOKED_AT,
        "parts": len(parts),
        "cases": sum(map(len, parts)),
        "accuracy": {arm: round(100 * float(values.mean()), 2) for arm, values in means.items()},
        "differences to baseline": {
            arm: interval(values - means["baseline_linear"])
            for arm, values in means.items()
            if arm != "baseline_linear"
        },
    }


def interval(differences: np.ndarray) -> list[float]:
    """Differences of parts -> mean and 95 % interval, in points, drawn over the parts."""
    rng = np.random.default_rng(0)
    draws = rng.choice(differences, (DRAWS, len(differences))).mean(axis=1)
    values = (differences.mean(), *np.quantile(draws, [0.025, 0.975]))
    return [round(100 * float(value), 2) for value in values]


def main() -> None:
    if not os.environ.get("KGTRANSFER_DATA"):
        sys.exit("benchmarks/small_graphs.py: set KGTRANSFER_DATA to the folder with graph/*.npz")
    torch.set_num_threads(1)
    graphs = json.loads(RESULTS.read_text(encoding="utf-8"))["graphs"] if RESULTS.is_file() else {}
    for name in sys.argv[1:] or (*LOOKED_AT, *OTHERS):
        graphs[name] = measure(name)
        say(f"{name}: {graphs[name]['differences to baseline']}")
        over = {
            arm: interval(
                np.array([g["differences to baseline"][arm][0] / 100 for g in graphs.values()])
            )
            for arm in ("control", "before")
        }
        results = {
            "command": "python benchmarks/small_graphs.py",
            "sizes": SIZES,
            "labels": LABELS,
            "mean over graphs": over,
            "graphs": graphs,
        }
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
