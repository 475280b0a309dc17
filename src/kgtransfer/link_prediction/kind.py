"""What runs of link prediction do when they are asked: see `kgtransfer.kinds.Kind`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from kgtransfer.embedding.kge.fitted import FittedModel
from kgtransfer.errors import DataError, RunError
from kgtransfer.experiments.results import RunResult
from kgtransfer.link_prediction.task import MODEL
from kgtransfer.runs.folder import graph_of, verify

if TYPE_CHECKING:
    from collections.abc import Sequence
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


def predict(
    folder: Path,
    questions: Sequence[str],  # noqa: ARG001
    *,
    count: int,  # noqa: ARG001
    like: Path | None,  # noqa: ARG001
) -> NoReturn:
    """Not done yet.

    Raises:
        RunError: always.
    """
    raise RunError(
        f"{folder}: a run of link prediction is not asked in words yet",
        cure="load its model: kgtransfer.load(RUN).model",
    )


def explain(folder: Path, test: str, pieces: Sequence[str]) -> NoReturn:  # noqa: ARG001
    """Not done yet.

    Raises:
        RunError: always.
    """
    raise RunError(
        f"{folder}: a run of link prediction is not explained link by link yet",
        cure="see the gates in its report.html",
    )


def retraining(folder: Path, graph: KnowledgeGraph) -> NoReturn:  # noqa: ARG001
    """An embedding is updated, not a run.

    Raises:
        RunError: always.
    """
    raise RunError(
        f"{folder}: a run of link prediction is not retrained yet",
        cure="update its model: kgtransfer embed ONTOLOGY --from RUN/model --out DIR",
    )


def ground(
    sample: Path,
    ontology: Sequence[Path],  # noqa: ARG001
    *,
    like: Path | None,  # noqa: ARG001
    out: Path | None,  # noqa: ARG001
) -> NoReturn:
    """A link is made of concepts already.

    Raises:
        DataError: always.
    """
    raise DataError(f"{sample}: links are grounded by themselves", cure="give a sample of images")
