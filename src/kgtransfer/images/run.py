"""A run over images, read back whole: what an edit of its ontology goes on from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kgtransfer.classification.model import Classifier
from kgtransfer.config import read_config
from kgtransfer.embedding import Embedded
from kgtransfer.errors import ConfigError, RunError
from kgtransfer.experiments.results import RunResult
from kgtransfer.images.arms import ImageMethod
from kgtransfer.images.config import VisionConfig
from kgtransfer.images.configured import configured_data, configured_task
from kgtransfer.images.domains import measure_domains
from kgtransfer.images.measurers import measurer_for
from kgtransfer.images.own_measures import own_measures
from kgtransfer.images.task import CONCEPTS, MODELS
from kgtransfer.runs.experiment import FITS
from kgtransfer.runs.folder import graph_of, verify
from kgtransfer.runs.registry import versus

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.experiments.arms import Arm
    from kgtransfer.experiments.comparison import Comparison
    from kgtransfer.images.domains import MeasuredDomains
    from kgtransfer.images.network import ClassNetwork
    from kgtransfer.images.own_measures import OwnMeasures
    from kgtransfer.images.task import ImageTask
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["SavedImages"]

NEEDED = {"data_hash", "method", "relations", "selected", "source", "targets"}


@dataclass(frozen=True)
class SavedImages:
    """What the folder of a run over images holds.

    Attributes:
        folder: of the run.
        result: its scores.
        graph: its ontology.
        config: its settings.
        embedded: vectors of its concepts, and the model behind them.
        arm: whose models were kept.
    """

    folder: Path
    result: RunResult
    graph: KnowledgeGraph
    config: VisionConfig
    embedded: Embedded
    arm: Arm[ImageMethod]

    @classmethod
    def load(cls, folder: Path) -> SavedImages:
        """Read a run back.

        Raises:
            RunError: it is of another kind, or a file is missing, damaged or altered.
        """
        result = RunResult.load(folder)
        if result.kind != "images" or not (folder / MODELS).is_dir():
            raise RunError(
                f"{folder} is a run over {result.kind}, which keeps no models of images",
                cure="give the folder of a run over images",
            )
        if lacking := sorted(NEEDED - set(result.details)):
            raise RunError(
                f"{folder} was made by another version of kgtransfer: it lacks {lacking[0]}",
                cure="make the run again",
            )
        folder, graph = folder.resolve(), graph_of(folder, result)
        verify(folder)
        return cls(
            folder,
            result,
            graph,
            _config(folder),
            Embedded.load(folder / CONCEPTS),
            _arm(result, result.details["method"]),
        )

    def versus(self, other: SavedImages, arm: str = "") -> dict[str, Comparison]:
        """This run against another, setting by setting, on the same images and seeds.

        Args:
            other: the run to set it against.
            arm: the arm of both that is compared; by default the one that this run is about.
        """
        return versus(self.folder, other.folder, arm)

    def model(self, labels: int, seed: int) -> Path:
        """The file of the model that learned so many labels per class with a seed."""
        return self.folder / MODELS / f"{labels}-{seed}.safetensors"

    def task(self) -> ImageTask:
        """The run's task, with the arm whose models were kept; nothing is fitted.

        Raises:
            DataError: a data set is missing.
            RunError: the data sets are not what they were when the run was made.
        """
        task = configured_task(
            self.config,
            self.measured(),
            self.graph,
            self.embedded.concepts.select(self.result.details["selected"]),
            arms=[self.arm],
            embedded=self.embedded,
            own=self.own,
        )
        task.keep_fits(self.folder / FITS, self.result.run_hash)
        return task

    @cached_property
    def own(self) -> OwnMeasures | None:
        """The user's measures, by the code that the run keeps; None where it needs none.

        Raises:
            CodeError: the code is not trusted, or damaged.
        """
        return own_measures(self.config.grounding, self.folder)

    def measured(self) -> MeasuredDomains:
        """The run's data sets: pixels and measures.

        Raises:
            CodeError: what takes the user's own measures is not trusted.
            DataError: a data set is missing.
            RunError: the data sets are not what they were when the run was made.
        """
        measured = self.measured_for(self.graph)
        if measured.hash != self.result.details["data_hash"]:
            raise RunError(
                f"the data sets of {self.folder} are not what they were when it was made",
                cure="put the images and labels back, or train again",
            )
        return measured

    def measured_for(self, graph: KnowledgeGraph) -> MeasuredDomains:
        """The run's data sets as measured by what another ontology names."""
        cache = self.folder.parent / ".cache"
        measurer = measurer_for(graph, cache / "measures.jsonl", self.own)
        return measure_domains(configured_data(self.config, cache), measurer)

    def classifier(self, task: ImageTask, labels: int, seed: int) -> Classifier[ClassNetwork]:
        """A model of the run."""
        assert self.arm.method is not None
        network = task.learner.network(self.arm.method, task.domains.train, seed)
        prior = task.classification.prior
        return Classifier.load(self.model(labels, seed), network, prior)

    @property
    def fits(self) -> list[tuple[int, int]]:
        """Labels per class and seed of each model."""
        config = self.config
        return [(labels, s) for labels in config.labels_per_class for s in range(config.seeds)]


def _arm(result: RunResult, method: dict[str, Any]) -> Arm[ImageMethod]:
    """The arm that the run is about, with what it does."""
    described = result.main.arms[result.headline].arm
    return replace(described, method=ImageMethod(**{**method, "terms": tuple(method["terms"])}))


def _config(folder: Path) -> VisionConfig:
    try:
        return read_config(folder / "run.toml", VisionConfig)
    except ConfigError as error:
        if not (folder / "run.toml").exists():
            raise RunError(
                f"{folder} keeps no settings, run.toml: a script of its own made it",
                cure="run the script again, with the edited ontology",
            ) from error
        raise RunError(
            f"{folder} was made by another version of kgtransfer ({error.message})",
            cure="make the run again",
        ) from error
