"""Speed beside a straightforward run of the published method, and a graph of many nodes.

    KGTRANSFER_DATA=... python benchmarks/graph_scale.py speed
    KGTRANSFER_DATA=... python benchmarks/graph_scale.py scale [COPIES]

speed: CPU-seconds of one seed on Cora_ML, one thread, in one process: the published method done
node by node (a walk and a dense decomposition a node, the dense similarity matrix, the test looked
at every third epoch), the same by this project's sampling and Lanczos, and the arm `control`.
scale: COPIES (30 by default: a million nodes) perturbed copies of Coauthor Physics side by side,
5 % of their edges rewired to other copies and keywords resampled within classes: condition,
encoding, training and prediction, with the highest memory of the process; beside it the same on
the original, per node.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
import torch

import kgtransfer as kgt
from kgtransfer.nodes.arms import NodeMethod
from kgtransfer.nodes.data.graph import NodeGraph
from kgtransfer.nodes.data.splits import random_split
from kgtransfer.nodes.encoders.control_branch import ControlBranch
from kgtransfer.nodes.encoders.training import Tuning, tune
from kgtransfer.nodes.features.blocks import NodeBlocks
from kgtransfer.nodes.features.propagation import similarity_graph, spectral_condition
from kgtransfer.nodes.gated import GatedHeads
from kgtransfer.nodes.subgraphs.cache import NodeSubgraphs, node_subgraphs
from kgtransfer.nodes.subgraphs.positions import local_positions
from kgtransfer.nodes.subgraphs.walks import Subgraphs

RESULTS = Path(__file__).parent / "results" / "graph_scale.json"
CONTROL = NodeMethod("control")
PUBLISHED = Tuning(optimiser="adamw", lr=0.5, weight_decay=5e-4, epochs=100, steps=0, patience=15)


def node_by_node(graph: NodeGraph) -> NodeSubgraphs:
    """A Python loop over nodes: what the published code does."""
    rng = np.random.default_rng(0)
    neighbours = np.split(graph.adjacency.indices, graph.adjacency.indptr[1:-1])
    parts, positions = [], []
    for seed in range(graph.num_nodes):
        at, seen, edges = seed, {seed: 0}, set()
        for _ in range(256):
            if rng.random() < 0.8 or not len(neighbours[at]):
                at = seed
                continue
            to = int(rng.choice(neighbours[at]))
            place = seen.setdefault(to, len(seen))
            edges |= {(seen[at], place), (place, seen[at])}
            at = to
        pairs = np.array(sorted(edges), dtype=np.int64).reshape(-1, 2).T
        part = Subgraphs(np.array(list(seen)), np.array([0, len(seen)]), pairs)
        parts.append(part)
        positions.append(local_positions(part))
    joined = Subgraphs.joined(parts)
    nodes = np.arange(graph.num_nodes)
    return NodeSubgraphs(nodes, joined, np.concatenate(positions).astype(np.float16))


def dense_condition(graph: NodeGraph, threshold: float) -> np.ndarray:
    """The published condition by a dense similarity matrix and all of its eigenvectors."""
    dense = graph.attributes.toarray()  # type: ignore[union-attr]
    unit = dense / np.maximum(np.linalg.norm(dense, axis=1, keepdims=True), 1e-12)
    similar = (unit @ unit.T > threshold).astype(np.float32)
    np.fill_diagonal(similar, 0)
    scale = 1 / np.sqrt(np.maximum(similar.sum(axis=1), 1))
    laplacian = np.eye(len(unit), dtype=np.float32) - scale[:, None] * similar * scale
    rows = np.linalg.eigh(laplacian)[1][:, :32]
    return (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)).astype("f4")


def published(graph: NodeGraph, store: NodeSubgraphs, condition: np.ndarray) -> float:
    """Best accuracy on the test over the epochs, looked at every third."""
    split = random_split(graph, 0)
    tuned = tune(
        ControlBranch(kgt.nodes.load_gin()),
        store,
        graph.labels,
        split.train,
        split.train[:0],
        split.test,
        PUBLISHED,
        condition=condition,
        on_test=True,
    )
    return max(tuned.curve.test)


def speed() -> dict[str, Any]:
    graph = kgt.read_nodes("cora_ml")
    graph.attributes.data[:] = 1  # type: ignore[union-attr]
    rows = {}
    start = time.process_time()
    store, condition = node_by_node(graph), dense_condition(graph, 0.17)
    ready = time.process_time()
    rows["published, node by node and dense"] = [
        published(graph, store, condition),
        ready - start,
        time.process_time() - ready,
    ]
    start = time.process_time()
    similar = similarity_graph(graph.attributes, threshold=0.17)  # type: ignore[arg-type]
    condition = spectral_condition(similar)
    store = node_subgraphs(graph, np.arange(graph.num_nodes), jumps_count=True)
    ready = time.process_time()
    rows["published, this project's sampling and Lanczos"] = [
        published(graph, store, condition),
        ready - start,
        time.process_time() - ready,
    ]
    start = time.process_time()
    heads = GatedHeads(graph, kgt.nodes.load_gin(), NodeBlocks(graph))
    split = random_split(graph, 0)
    heads.inputs(CONTROL, split, 0)
    ready = time.process_time()
    score = heads.fit(CONTROL, split, 0)[0].per_sample.mean()
    rows["control"] = [float(score), ready - start, time.process_time() - ready]
    names = ("accuracy", "preparation, CPU-seconds", "training and test, CPU-seconds")
    return {
        name: {key: round(float(v), 4) for key, v in zip(names, row, strict=True)}
        for name, row in rows.items()
    }


def copies(graph: NodeGraph, count: int, seed: int = 0) -> NodeGraph:
    """Perturbed copies side by side."""
    rng = np.random.default_rng(seed)
    size = graph.num_nodes
    shifts = np.repeat(np.arange(count) * size, graph.edges.shape[1])
    edges = np.tile(graph.edges, count) + shifts
    moved = rng.random(edges.shape[1]) < 0.05
    edges[1, moved] = rng.integers(0, count, int(moved.sum())) * size + edges[1, moved] % size
    labels = np.tile(graph.labels, count)
    by_class = [np.flatnonzero(graph.labels == c) for c in range(len(graph.classes))]
    donors = np.concatenate([rng.permuted(np.arange(size)) for _ in range(count)])
    for row, members in enumerate(by_class):
        copied = np.flatnonzero(labels == row)
        donors[copied] = rng.choice(members, len(copied))
    kept = sp.vstack([graph.attributes] * count, format="csr")
    swap = sp.csr_array(graph.attributes[donors])
    half = rng.random(kept.shape[0]) < 0.5
    mixed = sp.diags_array(half.astype("f4")) @ kept + sp.diags_array((~half).astype("f4")) @ swap
    low, high = np.minimum(*edges), np.maximum(*edges)
    keys = np.unique((low * (size * count) + high)[low != high])
    edges = np.stack(np.divmod(keys, size * count))
    return NodeGraph(
        f"{count} copies", size * count, edges, labels, graph.classes, sp.csr_array(mixed)
    )


def measured(graph: NodeGraph) -> dict[str, Any]:
    """Condition, encoding, training and prediction; seconds of CPU, and per node.

    Treated as graphs of very many nodes are, whatever their size: no descriptors of structure. The
    encoder reads the nodes that its gate is chosen on, all others only if the gate opens; where it
    stays shut they are read at last, for a figure of the same work on any graph.
    """
    split = random_split(graph, 0)
    heads = GatedHeads(graph, kgt.nodes.load_gin(), NodeBlocks(graph, small=0))
    marks = [("start", time.process_time())]
    list(heads.blocks.condition)
    marks.append(("condition", time.process_time()))
    heads.inputs(CONTROL, split, 0)
    marks.append(("encoder, where gates are chosen", time.process_time()))
    fit, _ = heads.fit(CONTROL, split, 0)
    marks.append(("training and prediction", time.process_time()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    heads.vectors("pretrained")
    marks.append(("encoder, where it was not needed", time.process_time()))
    spent = {name: round(now - before, 1) for (_, before), (name, now) in pairwise(marks)}
    total, all_read = (marks[row][1] - marks[0][1] for row in (-2, -1))
    return {
        "nodes": graph.num_nodes,
        "edges": graph.edges.shape[1],
        "accuracy": round(float(fit.per_sample.mean()), 4),
        "gates": {name: round(value, 2) for name, value in fit.gates.items() if value},
        "CPU-seconds": spent,
        "CPU-milliseconds a node": round(1000 * total / graph.num_nodes, 3),
        "the same, every node encoded": round(1000 * all_read / graph.num_nodes, 3),
        "peak memory, GiB": round(peak, 2),
    }


def main() -> None:
    if not os.environ.get("KGTRANSFER_DATA"):
        sys.exit("benchmarks/graph_scale.py: set KGTRANSFER_DATA to the folder with graph/*.npz")
    torch.set_num_threads(1)
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    what = sys.argv[1] if len(sys.argv) > 1 else "speed"
    if what == "speed":
        results["speed"] = speed()
    else:
        graph = kgt.read_nodes("coauthor_physics")
        count = int(sys.argv[2]) if len(sys.argv) > 2 else 30
        results["physics"] = measured(graph)
        results[f"{count} copies"] = measured(copies(graph, count))
    part = " ".join(sys.argv[1:]) or what
    commands = {*results.get("commands", []), f"python benchmarks/graph_scale.py {part}"}
    results["commands"] = sorted(commands)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
