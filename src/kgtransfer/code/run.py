"""A folder of a code-search run -> its scores, graph and search index."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.code.index import SearchIndex
from kgtransfer.errors import RunError
from kgtransfer.experiments.results import RunResult
from kgtransfer.runs.folder import graph_of, verify

if TYPE_CHECKING:
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["SavedRun", "load"]

KIND = "code"


@dataclass(frozen=True)
class SavedRun:
    """What a run folder holds."""

    folder: Path
    result: RunResult
    graph: KnowledgeGraph
    index: SearchIndex


def load(folder: Path) -> SavedRun:
    """Read a run back; its model gives the same scores to the bit.

    Raises:
        RunError: the run is of another kind, a file is missing or damaged, or the ontology is
            not the one of the run.
    """
    result = RunResult.load(folder)
    if result.kind != KIND:
        raise RunError(
            f"{folder} is a run of {result.pipeline}: it has no texts to search",
            cure="give the folder of a code-search run; report.html has what this run found",
        )
    graph = graph_of(folder, result)
    verify(folder)
    return SavedRun(folder, result, graph, SearchIndex.load(folder))
