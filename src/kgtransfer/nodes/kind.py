"""What runs over the nodes of a graph do when they are asked: see `kgtransfer.kinds.Kind`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from kgtransfer.errors import DataError, RunError
from kgtransfer.experiments.results import RunResult
from kgtransfer.runs.folder import graph_of, verify
from kgtransfer.runs.refusal import refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["SavedNodes", "explain", "ground", "load", "predict", "retraining"]


@dataclass(frozen=True)
class SavedNodes:
    """What the folder of a run over nodes holds, its weights and predictions aside."""

    folder: Path
    result: RunResult
    graph: KnowledgeGraph


def load(folder: Path) -> SavedNodes:
    """Folder of a run -> its scores and its ontology.

    Raises:
        RunError: a file is missing, damaged or altered.
    """
    result = RunResult.load(folder)
    graph = graph_of(folder, result)
    verify(folder)
    return SavedNodes(folder, result, graph)


def predict(
    folder: Path,
    questions: Sequence[str],  # noqa: ARG001
    *,
    count: int,  # noqa: ARG001
    like: Path | None,  # noqa: ARG001
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


explain = refusal(
    "a run over nodes is not explained concept by concept yet",
    cure="see the gates in its report.html",
)
retraining = refusal(
    "a run over nodes is not retrained yet",
    cure="run its pipeline again with the edited ontology",
)
ground = refusal(
    "nodes are grounded as a whole graph",
    cure="run pipelines/graph_control.py on it",
    error=DataError,
)
