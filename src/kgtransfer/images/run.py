"""A run over images, read back whole: what an edit of its ontology goes on from."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.classification.model import Classifier
from kgtransfer.config import read_settings
from kgtransfer.embedding import Embedded
from kgtransfer.errors import RunError
from kgtransfer.experiments.choice import Choice
from kgtransfer.experiments.results import RunResult
from kgtransfer.images.arms import ImageMethod
from kgtransfer.images.candidates import CANDIDATES
from kgtransfer.images.config import VisionConfig
from kgtransfer.images.configured import configured_data, configured_task
from kgtransfer.images.domains import measure_domains
from kgtransfer.images.kept import in_the_run
from kgtransfer.images.sources.table import open_sources
from kgtransfer.images.task import CONCEPTS, MODELS
from kgtransfer.runs.experiment import FITS
from kgtransfer.runs.folder import graph_of, saved_config, verify
from kgtransfer.runs.registry import versus

if TYPE_CHECKING:
    from kgtransfer.experiments.arms import Arm
    from kgtransfer.experiments.comparison import Comparison
    from kgtransfer.grounding.measured import Measurer
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.domains import MeasuredDomains
    from kgtransfer.images.exported.module import ImageModule
    from kgtransfer.images.network import ClassNetwork
    from kgtransfer.images.sources.table import ConfiguredSources
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
            in_the_run(saved_config(folder, VisionConfig, _of_before(folder)), folder),
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

    def method(self, labels: int, seed: int) -> ImageMethod:
        """What the model of so many labels per class and a seed was fitted by."""
        method = _method(self.result.details["method"])
        if not method.chosen:
            return method
        return method.with_candidate(CANDIDATES[self.choices[labels, seed].name])

    @cached_property
    def choices(self) -> dict[tuple[int, int], Choice]:
        """Number of labels and seed -> the candidate that the baseline was, and knowledge beside.

        Raises:
            RunError: a name is that of no candidate.
        """
        choices = {}
        for fit, name in self.result.details.get("choices", {}).items():
            if name not in CANDIDATES:
                raise RunError(
                    f"{self.folder}: no candidate {name!r} of the baseline",
                    cure="make the run again, with candidates that have a name",
                )
            labels, seed = map(int, fit.split("-"))
            choices[labels, seed] = Choice(name, "rule", {})
        return choices

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
            sources=self.sources,
        )
        task.classification.candidates.choices.update(self.choices)
        task.keep_fits(self.folder / FITS, self.result.run_hash)
        return task

    @cached_property
    def sources(self) -> ConfiguredSources:
        """What grounds the run's images, with the code that the run keeps.

        Raises:
            CodeError: the user's own code is not trusted, or damaged.
            DataError: a file that a source needs is missing.
        """
        return open_sources(self.config.grounding, self.config.backbone, self.folder)

    def measured(self) -> MeasuredDomains:
        """The run's data sets: pixels and readings.

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
        """The run's data sets as read by what grounds on another ontology."""
        cache = self.folder.parent / ".cache"
        source = self.sources.on(graph, cache)
        data = configured_data(self.config, cache)
        # what was trained before copies were looked for goes on
        leakage = "allow" if data.leakage == "refuse" else data.leakage
        return measure_domains(replace(data, leakage=leakage), source)

    def classifier(self, task: ImageTask, labels: int, seed: int) -> Classifier[ClassNetwork]:
        """A model of the run."""
        method = self.method(labels, seed)
        network = None
        if method.has_network:
            network = task.learner.network(method, task.domains.train, seed)
        prior = task.classification.prior
        return Classifier.load(self.model(labels, seed), network, prior, task.domains.outcome)

    @cached_property
    def measurer(self) -> Measurer[Picture]:
        """What takes the measures that `module` reads, of images as they come.

        Raises:
            CodeError: what takes the user's own measures is not trusted.
            RunError: images are grounded by more than measures.
        """
        from kgtransfer.images.exported.of_run import measuring

        return measuring(self.sources.on(self.graph)).measurer

    def module(self, labels: int | None = None, seed: int = 0) -> ImageModule:
        """One of the run's models as a plain torch module; see `module_of`.

        Args:
            labels: per class, that the model learned from; the run's first number by default.
            seed: of the model.

        Raises:
            ConfigError: the run has no such model.
        """
        from kgtransfer.images.exported.of_run import module_of

        return module_of(self, labels, seed)

    def export(
        self, out: str | Path, *forms: str, labels: int | None = None, seed: int = 0
    ) -> list[Path]:
        """Write one of the run's models into a new folder, for others; see `export_run`.

        Args:
            out: the folder.
            forms: "hub", "onnx", "torch", one or several; "hub" by default.
            labels: per class, that the model learned from; the run's first number by default.
            seed: of the model.

        Returns:
            The files.
        """
        from kgtransfer.images.exported.forms import export_run

        return export_run(self, Path(out), forms or ("hub",), labels=labels, seed=seed)

    @property
    def fits(self) -> list[tuple[int, int]]:
        """Labels per class and seed of each model."""
        config = self.config
        return [(labels, s) for labels in config.labels_per_class for s in range(config.seeds)]


def _arm(result: RunResult, method: dict[str, Any]) -> Arm[ImageMethod]:
    """The arm that the run is about, with what it does."""
    described = result.main.arms[result.headline].arm
    return replace(described, method=_method(method))


def _method(settings: dict[str, Any]) -> ImageMethod:
    """What a run keeps of a method -> the method."""
    return ImageMethod(**{**settings, "terms": tuple(settings["terms"])})


def _of_before(folder: Path) -> list[str]:
    """Settings of a run from before sources were tables -> what they say in today's form."""
    settings = folder / "run.toml"
    grounding = read_settings(settings).get("grounding") if settings.is_file() else None
    if not isinstance(grounding, dict):
        return []
    code = json.dumps(grounding.get("measures", ""))
    return [f'grounding=[{{source="measures", code={code}}}]']
