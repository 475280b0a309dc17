"""What runs over the nodes of a graph do when they are asked: see `kgtransfer.kinds.Kind`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from kgtransfer.errors import DataError, RunError
from kgtransfer.nodes.run import load
from kgtransfer.runs.refusal import refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.nodes.retraining.retrain import NodeRetraining
    from kgtransfer.runs.explanation import Explanation

__all__ = ["explain", "export", "ground", "load", "predict", "retraining"]


def predict(
    folder: Path,
    questions: Sequence[str],  # noqa: ARG001
    *,
    count: int,  # noqa: ARG001
    like: Path | None,  # noqa: ARG001
    say: Sequence[str] = (),  # noqa: ARG001
) -> NoReturn:
    """The nodes of a graph are classified together, when the run is made.

    Raises:
        RunError: always.
    """
    load(folder)
    raise RunError(
        f"{folder} is a run over nodes: it has classified all nodes of its graph already",
        cure=f"read {folder / 'predictions.csv'}; for another graph run the pipeline on it",
    )


def explain(folder: Path, test: str, pieces: Sequence[str]) -> Explanation:
    """Folder of a run -> what it is worth to know each attribute, class and level.

    Raises:
        ConfigError: there is no such kind of pieces.
        RunError: there is no such setting, or the run knows nothing of attributes and classes.
    """
    from kgtransfer.nodes.explain import explain_run

    return explain_run(load(folder), test, pieces)


def retraining(folder: Path, graph: KnowledgeGraph) -> NodeRetraining:
    """Folder of a run, and what people wrote of its ontology, edited -> what is to be done."""
    from kgtransfer.nodes.retraining.retrain import NodeRetraining

    return NodeRetraining(load(folder), graph)


export = refusal(
    "nodes are classified together, with their graph: no model of single nodes leaves a run",
    cure="take predictions.csv, or model.safetensors and head.json, of the run's folder",
)
ground = refusal(
    "nodes are grounded as a whole graph",
    cure="run pipelines/graph_control.py on it",
    error=DataError,
)
