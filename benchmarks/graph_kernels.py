"""What is known of keywords as a kernel X S X^T: by names, by what occurs together, by WordNet.

    KGTRANSFER_DATA=... python benchmarks/graph_kernels.py

One block of features a kernel: 256 factors of X S, propagated over the graph, and logistic
regression of a fixed strength; nothing is chosen. `none` is S = I; `wordnet, shuffled` gives every
keyword the relations of another one. Five seeds, random nodes of each class, or 10 % of all.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
import torch

import kgtransfer as kgt
from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.comparison import ArmScores, Comparison
from kgtransfer.nodes.attributes.similarity import co_occurrence, nearest, shared_hypernyms
from kgtransfer.nodes.data.splits import random_split, split_per_class
from kgtransfer.nodes.features.propagation import factors, propagated, smoother, unit_rows, weighted
from kgtransfer.nodes.heads.head import HeadSettings, fit_head

if TYPE_CHECKING:
    from kgtransfer.nodes.data.graph import NodeGraph

RESULTS = Path(__file__).parent / "results" / "graph_kernels.json"
COMMAND = "python benchmarks/graph_kernels.py"
LABELS = (1, 3, 5, 0)  # of each class; 0: 10 % of all nodes
STRENGTH = 160.0
SEEDS = 5


def similarities(graph: NodeGraph, nouns: Path) -> dict[str, sp.csr_array | None]:
    """S of each kind; None is the identity."""
    assert graph.attributes is not None
    names = graph.attribute_names
    encoder = kgt.TextEncoder.from_pretrained("minilm", max_tokens=64)
    by_wordnet = shared_hypernyms(names, kgt.knowledge.read_wordnet(nouns))
    order = np.random.default_rng(23).permutation(len(names))
    return {
        "none": None,
        "names": nearest(encoder.encode(list(names)).numpy()),
        "co-occurrence": co_occurrence(graph.attributes),
        "wordnet": by_wordnet,
        "wordnet, shuffled": sp.csr_array(by_wordnet[order][:, order]),
    }


def block(graph: NodeGraph, related: sp.csr_array | None) -> np.ndarray:
    """The propagated factors of X S, `[N, 256]`."""
    assert graph.attributes is not None
    weights = weighted(graph.attributes)
    rows = factors(weights if related is None else sp.csr_array(weights @ related), 256)
    return unit_rows(propagated(smoother(graph.adjacency), rows, 0.1))


def scored(graph: NodeGraph, rows: np.ndarray, labels: int) -> ArmScores:
    """Accuracy of one block over the seeds."""
    scores = []
    for seed in range(SEEDS):
        split = split_per_class(graph, seed, labels) if labels else random_split(graph, seed)
        settings = HeadSettings({"x": 1.0}, STRENGTH)
        head = fit_head({"x": rows}, graph.labels, split.train, len(graph.classes), settings)
        correct = head.logits({"x": rows}).argmax(axis=1) == graph.labels
        scores.append(correct[split.test].astype(np.float64))
    return ArmScores(Arm("x"), np.stack(scores))


def over(arm: ArmScores, other: ArmScores) -> list[float]:
    """Difference in % and its interval."""
    comparison = Comparison.of(arm, other)
    return [round(100 * value, 2) for value in (comparison.difference, *comparison.ci95)]


def main() -> None:
    if not os.environ.get("KGTRANSFER_DATA"):
        sys.exit(f"{COMMAND}: set KGTRANSFER_DATA to the folder with graph/*.npz")
    torch.set_num_threads(1)
    nouns = Path(os.environ["KGTRANSFER_DATA"], "ontology", "wordnet30_nouns.tsv.gz")
    results: dict[str, Any] = {"command": COMMAND, "seeds": SEEDS}
    for name in ("coauthor_cs", "coauthor_physics"):
        graph = kgt.read_nodes(name)
        blocks = {kind: block(graph, s) for kind, s in similarities(graph, nouns).items()}
        for labels in LABELS:
            scores = {kind: scored(graph, rows, labels) for kind, rows in blocks.items()}
            setting = f"{labels} labels a class" if labels else "10 %"
            results[f"{name}, {setting}"] = {
                kind: {"accuracy": round(100 * arm.mean, 2), "over none": over(arm, scores["none"])}
                for kind, arm in scores.items()
            }
            RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
