"""A run over images, read back whole: what an edit of its ontology goes on from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kgtransfer.config import VisionConfig, read_config
from kgtransfer.embedding import Embedded
from kgtransfer.errors import RunError
from kgtransfer.results import RunResult
from kgtransfer.runs.folder import graph_of, verify
from kgtransfer.runs.images import CONCEPTS, MODELS
from kgtransfer.tasks.class_arms import ClassArm

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["SavedImages"]


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
            RunError: it is of another pipeline, or a file is missing, damaged or altered.
        """
        result = RunResult.load(folder)
        arm: dict[str, Any] | None = result.details.get("arm")
        if arm is None or not (folder / MODELS).is_dir():
            raise RunError(
                f"{folder} is a run of {result.pipeline}, which keeps no models of images",
                cure="give the folder of a run of pipelines/wbc.py or its like; for another "
                "pipeline, run it again with the edited ontology",
            )
        verify(folder)
        return cls(
            folder,
            result,
            graph_of(folder, result),
            read_config(folder / "run.toml", VisionConfig),
            Embedded.load(folder / CONCEPTS),
            ClassArm(**{**arm, "experts": tuple(arm["experts"])}),
        )

    def model(self, labels: int, seed: int) -> Path:
        """The file of the model that learned so many labels per class with a seed."""
        return self.folder / MODELS / f"{labels}-{seed}.safetensors"

    @property
    def fits(self) -> list[tuple[int, int]]:
        """Labels per class and seed of each model."""
        config = self.config
        return [(labels, s) for labels in config.labels_per_class for s in range(config.seeds)]
