"""A run over images, read back whole: what an edit of its ontology goes on from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kgtransfer.classification.arms import ClassArm
from kgtransfer.classification.model import Classifier
from kgtransfer.config import read_config
from kgtransfer.embedding import Embedded
from kgtransfer.errors import ConfigError, RunError
from kgtransfer.experiments.results import RunResult
from kgtransfer.images.config import VisionConfig
from kgtransfer.images.saving import CONCEPTS, MODELS
from kgtransfer.images.study import image_study, measured_domains
from kgtransfer.runs.folder import graph_of, verify
from kgtransfer.runs.registry import versus

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.experiments.comparison import Comparison
    from kgtransfer.images.domains import MeasuredDomains
    from kgtransfer.images.study import ImageStudy
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["SavedImages"]

NEEDED = {"arm", "data_hash", "lab", "relations", "selected", "targets"}


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
    arm: ClassArm

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
        arm: dict[str, Any] = result.details["arm"]
        folder, graph = folder.resolve(), graph_of(folder, result)
        verify(folder)
        return cls(
            folder,
            result,
            graph,
            _config(folder),
            Embedded.load(folder / CONCEPTS),
            ClassArm(**{**arm, "experts": tuple(arm["experts"])}),
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

    def study(self) -> ImageStudy:
        """The data sets, and what the run's ontology makes of them; nothing is fitted.

        Raises:
            DataError: a data set is missing.
            RunError: the data sets are not what they were when the run was made.
        """
        cache = self.folder.parent / ".cache"
        concepts = self.embedded.concepts.select(self.result.details["selected"])
        return image_study(
            self.config, self.graph, concepts, self.readings(),
            fits=self.folder / "fits", cache=cache, kept=self.arm,
        )  # fmt: skip

    def readings(self) -> MeasuredDomains:
        """The run's data sets as they lie there.

        Raises:
            DataError: a data set is missing.
            RunError: the data sets are not what they were when the run was made.
        """
        found = measured_domains(self.config, self.graph, self.folder.parent / ".cache")
        if found.hash != self.result.details["data_hash"]:
            raise RunError(
                f"the data sets of {self.folder} are not what they were when it was made",
                cure="put the images and labels back, or train again",
            )
        return found

    def fitted(self, study: ImageStudy, labels: int, seed: int) -> Classifier:
        """A model of the run."""
        network = study.task.network(self.arm, seed)
        return Classifier.load(self.model(labels, seed), network, study.task.prior)

    @property
    def fits(self) -> list[tuple[int, int]]:
        """Labels per class and seed of each model."""
        config = self.config
        return [(labels, s) for labels in config.labels_per_class for s in range(config.seeds)]


def _config(folder: Path) -> VisionConfig:
    try:
        return read_config(folder / "run.toml", VisionConfig)
    except ConfigError as error:
        raise RunError(
            f"{folder} was made by another version of kgtransfer ({error.message})",
            cure="make the run again",
        ) from error
