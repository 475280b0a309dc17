"""A node-classification run: put together and saved."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.experiments.comparison import SettingResult
from kgtransfer.experiments.results import RunResult
from kgtransfer.nodes.arms import PAIRS
from kgtransfer.report.concept_map import concept_map
from kgtransfer.report.findings import graph_summary, learned_gates
from kgtransfer.runs.folder import command_line, environment, save_run
from kgtransfer.training.checkpoint import write_safetensors
from kgtransfer.utils.files import json_bytes, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.nodes.arms import NodeArm
    from kgtransfer.nodes.config import GraphControlConfig
    from kgtransfer.nodes.head import NodeHead
    from kgtransfer.nodes.task import NodeTask
    from kgtransfer.store.queries import Answer

__all__ = ["NodeModel", "save_nodes"]

ARMS = {
    "none": "the pre-trained encoder fine-tuned on structure alone (`gcc`)",
    "gcc": "the pre-trained encoder fine-tuned on structure alone, no attributes",
    "gnn": "a graph convolutional network on raw attributes",
    "baseline": "linear: factors of the attributes smoothed over the graph, logistic regression",
    "control_random": "as `control`, the encoder's weights random",
    "control": "the frozen encoder and gated conditions, propagated over the graph",
    "kg": "as `control`, with what is known of attributes and classes",
    "shuffled": "as `kg`, every attribute with the knowledge of another: the placebo",
}


GATES = (
    "Blocks of features open or stay shut by held-out training labels; `spread` is how far "
    "predictions move to those of neighbours, `prior` how much the meaning of attributes and "
    "classes counts. Under the placebo `meaning`, `related` and `prior` should stay near 0; the "
    "other blocks know nothing of it."
)


@dataclass(frozen=True, eq=False)
class NodeModel:
    """A fitted head and what it says of every node."""

    head: NodeHead
    classes: tuple[str, ...]
    chances: npt.NDArray[np.float32]

    def save(self, folder: Path) -> None:
        """Write weights, settings and `predictions.csv`: node, class, probability."""
        write_safetensors(
            folder / "model.safetensors", {"weights": torch.from_numpy(self.head.weights)}
        )
        settings = self.head.settings
        content = {
            "gates": dict(settings.gates),
            "strength": settings.strength,
            "spread": settings.spread,
            "prior": self.head.prior_weight,
            "classes": list(self.classes),
        }
        write_atomically(folder / "head.json", json_bytes(content))
        table = io.StringIO()
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(["node", "class", "probability"])
        best = self.chances.argmax(axis=1)
        for node, row in enumerate(best):
            writer.writerow([node, self.classes[row], f"{self.chances[node, row]:.4f}"])
        write_atomically(folder / "predictions.csv", table.getvalue().encode())


def save_nodes(
    folder: Path,
    config: GraphControlConfig,
    knowledge: KnowledgeGraph,
    tasks: Mapping[str, NodeTask],
    outcomes: Mapping[str, SettingRuns],
    *,
    headline: NodeArm,
    queries: Sequence[Answer] = (),
    key: str = "",
) -> RunResult:
    """Put a node-classification experiment together and write it as a run.

    Args:
        folder: of the run.
        config: the run's settings.
        knowledge: of attributes and classes.
        tasks: setting -> task; the first one's model is the run's model.
        outcomes: setting -> what the experiment gave.
        headline: the arm whose model, of the first seed, is kept.
        queries: Cypher queries to show in the report.
        key: the run's hash.
    """
    task = next(iter(tasks.values()))
    settings = {
        name: SettingResult.of(name, outcome.result.arms.values(), PAIRS)
        for name, outcome in outcomes.items()
    }
    result = RunResult(
        pipeline="graph_control",
        data=config.data.path,
        test=config.data.path,
        metric="accuracy",
        seeds=list(range(config.seeds)),
        settings=settings,
        environment=environment("cpu"),
        details={
            "arms": ARMS,
            "label_unit": "labels a class",
            "graph": {**graph_summary(knowledge), **_sizes(task)},
            "gates": {name: learned_gates(outcome.runs) for name, outcome in outcomes.items()},
            "gates_note": GATES,
            "map": node_map(task),
            "queries": [answer.to_json() for answer in queries],
            "training": config.method.model_dump(),
            "command": command_line(),
        },
        graph_hash=knowledge.hash,
        run_hash=key,
    )
    save_run(folder, result, knowledge, fitted_model(task, headline), config)
    return result


def fitted_model(task: NodeTask, arm: NodeArm, seed: int = 0) -> NodeModel:
    """The arm's head on a seed's split, with its word on every node."""
    split = task.split(seed)
    blocks, prior = task.inputs(arm, seed)
    head = task.fit(arm, blocks, prior, split, seed)
    return NodeModel(head, task.graph.classes, task.chances(head, blocks, prior, split))


def node_map(task: NodeTask) -> dict[str, Any]:
    """Nodes on the plane of the condition's two main directions, coloured by class."""
    blocks = task.blocks.condition
    rows = blocks["propagated .1" if "propagated .1" in blocks else "structure"]
    names = [str(node) for node in range(task.graph.num_nodes)]
    vectors = ConceptEmbeddings(
        tuple(names), torch.from_numpy(rows), {"condition": (0, rows.shape[1])}
    )
    known = {
        names[node]: task.graph.classes[task.graph.labels[node]] for node in task.graph.labelled
    }
    return {**concept_map(vectors, dict.fromkeys(names, ""), known), "what": "nodes"}


def _sizes(task: NodeTask) -> dict[str, Any]:
    graph = task.graph
    attributes = 0 if graph.attributes is None else graph.attributes.shape[1]
    return {
        "nodes": graph.num_nodes,
        "edges": graph.edges.shape[1],
        "attributes": attributes,
        "labelled nodes": len(graph.labelled),
        "put right": dict(graph.found),
    }
