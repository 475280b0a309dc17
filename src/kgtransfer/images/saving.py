"""A run over images: put together, saved, and its model."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.experiments.results import RunResult
from kgtransfer.images.data.colour_transfer import colours_to_json
from kgtransfer.images.report import grounded_pictures, image_details
from kgtransfer.report.findings import learned_gates
from kgtransfer.runs.folder import command_line, environment, save_run
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.classification.arms import ClassArm
    from kgtransfer.embedding import Embedded
    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.grounding.thresholds import PercentileRange
    from kgtransfer.images.config import VisionConfig
    from kgtransfer.images.study import ImageStudy
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["CONCEPTS", "MODELS", "ImageModels", "save_images"]

MODELS, CONCEPTS = "models", "concepts"  # folders inside a run

GATES = (
    "`axioms` is lambda, the weight that the labels give to the axioms' score: 0 shuts the door, "
    "the number of attributes counts them as independent. `numbers` is the root mean square of "
    "the slopes of the regression on what was measured."
)


@dataclass(frozen=True)
class ImageModels:
    """The models of a run: one for each number of labels and seed, and the concepts' vectors.

    Attributes:
        files: "LABELS-SEED" -> the file of a model.
        embedded: vectors of all concepts, with the model behind them.
    """

    files: Mapping[str, Path]
    embedded: Embedded

    def save(self, folder: Path) -> None:
        """Write `models/LABELS-SEED.safetensors` and `concepts/`."""
        for name, file in self.files.items():
            write_atomically(folder / MODELS / f"{name}.safetensors", file.read_bytes())
        self.embedded.save(folder / CONCEPTS)


def save_images(
    folder: Path,
    config: VisionConfig,
    graph: KnowledgeGraph,
    embedded: Embedded,
    study: ImageStudy,
    outcomes: Mapping[str, SettingRuns],
    *,
    pipeline: str,
    kg: ClassArm,
    details: Mapping[str, Any],
) -> RunResult:
    """Put an experiment over images together and write it as a run.

    Args:
        folder: of the run.
        config: the run's settings.
        graph: the run's knowledge.
        embedded: vectors of its concepts.
        study: the data sets and the task.
        outcomes: setting -> what the experiment gave.
        pipeline: its name.
        kg: the arm whose models are kept.
        details: further findings for the report.
    """
    task, labels = study.task, config.labels_per_class[0]
    examples = grounded_pictures(study.labs.grounder, study.labs.examples())
    result = RunResult(
        pipeline=pipeline,
        data=config.data.path,
        test=",".join(config.data.test) or config.data.path,
        metric="balanced_accuracy",
        seeds=list(range(config.seeds)),
        settings={setting: outcome.result for setting, outcome in outcomes.items()},
        environment=environment(task.device),
        details={
            **image_details(graph, task, study.labs.targets, kg, labels),
            "gates_note": GATES,
            "gates": {setting: learned_gates(found.runs) for setting, found in outcomes.items()},
            "training": {"backbone": task.backbone.source, **config.training.model_dump()},
            "command": command_line(),
            "arm": asdict(kg),
            "targets": {k: list(v) for k, v in asdict(study.labs.targets).items()},
            "weights": _weights(study),
            "lab": _lab(study),
            "selected": list(task.concepts.iris),
            "relations": list(task.train.grounding.relations),
            "data_hash": study.data_hash,
            "pictures": examples,
            **details,
        },
        graph_hash=graph.hash,
        run_hash=study.key,
    )
    names = {
        f"{labels}-{seed}": (labels, seed)
        for labels in config.labels_per_class
        for seed in range(config.seeds)
    }
    files = {name: task.model_file(*of) for name, of in names.items()}
    models = ImageModels({name: file for name, file in files.items() if file}, embedded)
    save_run(folder, result, graph, models, config)
    return result


def _weights(study: ImageStudy) -> dict[str, float]:
    """IRI of each measured value -> how strongly the training images show it on average."""
    observed = study.task.train.observed
    return {
        value: float(observed.weights[attribute][:, column].mean())
        for attribute, values in observed.values.items()
        for column, value in enumerate(values)
    }


def _lab(study: ImageStudy) -> dict[str, Any]:
    """What is usual in the training images: what a single image is judged by."""
    usual = study.labs.usual
    return {
        "ends": {measure: list(ends) for measure, ends in _pairs(usual.ends)},
        "mean": usual.mean.tolist(),
        "deviation": usual.deviation.tolist(),
        "colours": colours_to_json(study.labs.colours),
    }


def _pairs(ends: Mapping[str, PercentileRange]) -> list[tuple[str, tuple[float, float]]]:
    return [(measure, (of.low, of.high)) for measure, of in ends.items()]
