"""What runs of link prediction do when they are asked: see `kgtransfer.kinds.Kind`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgtransfer.embedding.kge.fitted import FittedModel
from kgtransfer.errors import DataError
from kgtransfer.experiments.results import RunResult
from kgtransfer.link_prediction.task import MODEL
from kgtransfer.runs.folder import graph_of, verify
from kgtransfer.runs.refusal import refusal

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["SavedLinks", "explain", "ground", "load", "predict", "retraining"]


@dataclass(frozen=True)
class SavedLinks:
    """What the folder of a run of link prediction holds."""

    folder: Path
    result: RunResult
    graph: KnowledgeGraph
    model: FittedModel


def load(folder: Path) -> SavedLinks:
    """Folder of a run -> its scores, its ontology and the embedding that it is about.

    Raises:
        RunError: a file is missing, damaged or altered, or the score function is the user's own.
    """
    result = RunResult.load(folder)
    graph = graph_of(folder, result)
    verify(folder)
    return SavedLinks(folder, result, graph, FittedModel.load(folder / MODEL))


predict = refusal(
    "a run of link prediction is not asked in words yet",
    cure="load its model: kgtransfer.load(RUN).model",
)
explain = refusal(
    "a run of link prediction is not explained link by link yet",
    cure="see the gates in its report.html",
)
retraining = refusal(
    "a run of link prediction is not retrained yet",
    cure="update its model: kgtransfer embed ONTOLOGY --from RUN/model --out DIR",
)
ground = refusal(
    "links are grounded by themselves", cure="give a sample of images", error=DataError
)
