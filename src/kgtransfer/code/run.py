"""A folder of a code-search run -> its scores, graph and search index."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.code.config import CodeSearchConfig
from kgtransfer.code.data import read_code
from kgtransfer.code.index import MODELS, TEXTS, SearchIndex, under
from kgtransfer.errors import RunError
from kgtransfer.experiments.results import RunResult
from kgtransfer.retrieval.vectors import TextVectors
from kgtransfer.runs.folder import graph_of, saved_config, verify
from kgtransfer.training.checkpoint import read_tensors

if TYPE_CHECKING:
    from kgtransfer.code.data import CodeData
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["CHOICES", "SavedRun", "load"]

KIND = "code"
CHOICES = "choices"  # among details: setting -> seed -> the candidate that arms stand on


@dataclass(frozen=True)
class SavedRun:
    """What a run folder holds."""

    folder: Path
    result: RunResult
    graph: KnowledgeGraph
    index: SearchIndex

    def export(self, out: str | Path, *forms: str) -> list[Path]:
        """Write encoder and document vectors into a new folder, for others; see `export_run`.

        Args:
            out: the folder.
            forms: "hub", which is the default.

        Returns:
            The files.
        """
        from kgtransfer.code.exported import export_run

        return export_run(self, Path(out), forms or ("hub",))

    @property
    def concepts(self) -> ConceptEmbeddings:
        """Vectors of the concepts that may condition, as the headline's arm has them."""
        return self.index.concepts

    @cached_property
    def config(self) -> CodeSearchConfig:
        """The run's settings.

        Raises:
            RunError: it keeps none, or those of another version.
        """
        return saved_config(self.folder, CodeSearchConfig)

    @property
    def fits(self) -> list[tuple[str, int]]:
        """Setting and seed of each model."""
        return [(setting, s) for setting in self.result.settings for s in self.result.seeds]

    def model(self, setting: str, seed: int) -> Path:
        """The file of an encoder that was trained for the headline's arm."""
        return self.folder / MODELS / f"{setting}-{seed}.safetensors"

    def texts(self) -> TextVectors:
        """Vectors of all texts that the index's encoder has read, without knowledge."""
        file = self.model(next(iter(self.result.settings)), self.result.seeds[0])
        return TextVectors.restored(under(TEXTS, read_tensors(file) if file.is_file() else {}))

    def chosen(self, setting: str, seed: int) -> str:
        """The candidate without the graph that a model stands on.

        Raises:
            RunError: the run is of a version whose baseline was not chosen.
        """
        name: str | None = self.result.details.get(CHOICES, {}).get(setting, {}).get(str(seed))
        if name is None:
            raise RunError(
                f"{self.folder} does not say what its baseline was",
                cure="it was saved by an earlier version; make the run again",
            )
        return name

    def data(self) -> CodeData:
        """The run's code base, read again.

        Raises:
            DataError: it is missing.
            RunError: it is not what it was when the run was made.
        """
        data = read_code(**self.config.data.model_dump(), settings=self.config.settings)
        if data.hash != self.result.details.get("data_hash"):
            raise RunError(
                f"the code base of {self.folder} is not what it was when the run was made",
                cure="train again, on the code and the ontology as they are now",
            )
        return data


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
