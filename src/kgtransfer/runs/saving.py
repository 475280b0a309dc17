"""A finished run -> its folder: model, ontology, settings, scores, report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.config import write_config
from kgtransfer.errors import RunError
from kgtransfer.report import write_card, write_report
from kgtransfer.runs.folder import written
from kgtransfer.utils.files import unwritable, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pydantic import BaseModel

    from kgtransfer.experiments.results import RunResult
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["save_run"]


def save_run(
    folder: Path,
    result: RunResult,
    graph: KnowledgeGraph,
    save: Callable[[Path], object],
    config: BaseModel | None,
) -> Path:
    """Write a run; result.json comes after all it depends on, so a folder with one is complete.

    Args:
        folder: of the run.
        result: scores and details.
        graph: the run's knowledge.
        save: writes what the run trained into the folder.
        config: the run's settings; None for a run that was put together in Python.

    Returns:
        The report's path.
    """
    if place := unwritable(dict(result.details)):
        raise RunError(
            f"findings()[{place}] is nothing that JSON can hold",
            cure="give texts, finite numbers, lists and dictionaries of them",
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "result.json").unlink(missing_ok=True)
    save(folder)
    write_atomically(folder / "ontology.ttl", graph.to_turtle().encode())
    if config:
        write_atomically(folder / "run.toml", write_config(config).encode())
    result.save(folder, also=written(folder))
    write_card(result, folder)
    return write_report(result, folder)
