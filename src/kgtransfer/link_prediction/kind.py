"""What runs of link prediction do when they are asked: see `kgtransfer.kinds.Kind`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.embedding.export import exports
from kgtransfer.embedding.kge.fitted import FittedModel
from kgtransfer.errors import DataError, RunError
from kgtransfer.experiments.results import RunResult
from kgtransfer.link_prediction.config import LinkConfig
from kgtransfer.link_prediction.task import MODEL, MODELS
from kgtransfer.runs.exporting import require_new, require_one_model, written_files
from kgtransfer.runs.folder import graph_of, saved_config, verify
from kgtransfer.runs.refusal import refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.link_prediction.retraining.retrain import LinkRetraining
    from kgtransfer.runs.output import Output

__all__ = ["SavedLinks", "explain", "export", "ground", "load", "predict", "retraining"]


@dataclass(frozen=True)
class SavedLinks:
    """What the folder of a run of link prediction holds."""

    folder: Path
    result: RunResult
    graph: KnowledgeGraph
    model: FittedModel

    @cached_property
    def config(self) -> LinkConfig:
        """The run's settings.

        Raises:
            RunError: it keeps none, or those of another version.
        """
        if not (self.folder / "run.toml").is_file():
            raise RunError(
                f"{self.folder}: its links are those of a folder, or something is the user's own",
                cure="update its model: kgtransfer embed FOLDER --from RUN/model --out DIR",
            )
        return saved_config(self.folder, LinkConfig)

    @property
    def texts(self) -> ConceptEmbeddings | None:
        """Vectors of the texts of its concepts; None where none was read."""
        there = (self.folder / "concepts.json").is_file()
        return ConceptEmbeddings.load(self.folder) if there else None

    def trained(self, seed: int) -> FittedModel:
        """The model of a seed as its whole training left it.

        Raises:
            RunError: it is missing or damaged.
        """
        return FittedModel.load(self.folder / MODELS / str(seed))

    def export(self, out: str | Path, *forms: str) -> list[Path]:
        """Write the vectors of the entities into a new folder, for other programs.

        Args:
            out: the folder.
            forms: "word2vec", which is the default, "parquet", or both.

        Returns:
            The files.

        Raises:
            ConfigError: there is no such form, or what it needs is not installed.
            RunError: the folder holds files already.
        """
        writers, out = exports(forms or ("word2vec",)), Path(out)
        require_new(out)
        vectors = self.model.entities
        parts = {"structure": (0, vectors.shape[1])}
        entities = ConceptEmbeddings(self.model.names, vectors, parts)
        labels = {iri: self.graph.label(iri) for iri in self.graph.concepts}
        return [write(entities, out, labels) for write in writers]


def load(folder: Path) -> SavedLinks:
    """Folder of a run -> its scores, its ontology and the embedding that it is about.

    Raises:
        RunError: a file is missing, damaged or altered, or the score function is the user's own.
    """
    result = RunResult.load(folder)
    graph = graph_of(folder, result)
    verify(folder)
    return SavedLinks(folder, result, graph, FittedModel.load(folder / MODEL))


def export(
    folder: Path, out: Path, forms: Sequence[str], *, labels: int | None, seed: int
) -> Output:
    """Folder of a run -> the vectors of its entities, in a new folder.

    Raises:
        ConfigError: another than the one model that the run keeps is asked for.
    """
    require_one_model(labels, seed)
    return written_files(load(folder).export(out, *forms))


def retraining(folder: Path, graph: KnowledgeGraph) -> LinkRetraining:
    """Folder of a run, and its edited ontology -> what is to be done."""
    from kgtransfer.link_prediction.retraining.retrain import LinkRetraining

    return LinkRetraining(load(folder), graph)


predict = refusal(
    "a run of link prediction is not asked in words yet",
    cure="load its model: kgtransfer.load(RUN).model",
)
explain = refusal(
    "its links are what it learned, each of them too little to be told apart from noise: no piece "
    "is left out",
    cure="see in its report.html what all descriptions are worth: kg against baseline and shuffled",
)
ground = refusal(
    "links are grounded by themselves", cure="give a sample of images", error=DataError
)
