"""A folder of a run over nodes -> its scores, its ontology, and what an edit goes on from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.errors import RunError
from kgtransfer.experiments.results import RunResult
from kgtransfer.nodes.config import GraphControlConfig
from kgtransfer.nodes.data.reading import read_nodes
from kgtransfer.runs.folder import graph_of, saved_config, verify

if TYPE_CHECKING:
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.nodes.data.graph import NodeGraph

__all__ = ["SavedNodes", "load"]


@dataclass(frozen=True)
class SavedNodes:
    """What the folder of a run over nodes holds, its weights and predictions aside."""

    folder: Path
    result: RunResult
    graph: KnowledgeGraph

    @cached_property
    def config(self) -> GraphControlConfig:
        """The run's settings.

        Raises:
            RunError: it keeps none, or those of another version.
        """
        return saved_config(self.folder, GraphControlConfig)

    @cached_property
    def concepts(self) -> ConceptEmbeddings | None:
        """Vectors of the texts of its concepts; None where none was read."""
        there = (self.folder / "concepts.json").is_file()
        return ConceptEmbeddings.load(self.folder) if there else None

    def data(self) -> NodeGraph:
        """The run's nodes, read again.

        Raises:
            DataError: they are missing.
            RunError: they are not what they were when the run was made.
        """
        data = self.config.data
        nodes = read_nodes(data.path, **data.model_dump(exclude={"path", "test", "train"}))
        if nodes.hash != self.result.details.get("data_hash"):
            raise RunError(
                f"the nodes of {self.folder} are not what they were when the run was made",
                cure="put the data back, or run the pipeline again",
            )
        return nodes


def load(folder: Path) -> SavedNodes:
    """Folder of a run -> its scores and its ontology.

    Raises:
        RunError: a file is missing, damaged or altered.
    """
    result = RunResult.load(folder)
    graph = graph_of(folder, result)
    verify(folder)
    return SavedNodes(folder, result, graph)
