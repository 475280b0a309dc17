"""A run over images: put together, saved, and its model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kgtransfer.report.findings import learned_gates
from kgtransfer.report.image_findings import image_details
from kgtransfer.results import RunResult
from kgtransfer.runs.folder import command_line, environment, save_run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kgtransfer.config import VisionConfig
    from kgtransfer.experiments import Outcome
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.tasks.class_arms import ClassArm
    from kgtransfer.tasks.classify import ClassTask

__all__ = ["save_images"]

GATES = (
    "`axioms` is lambda, the weight that the labels give to the axioms' score: 0 shuts the door, "
    "the number of attributes counts them as independent. `numbers` is the root mean square of "
    "the slopes of the regression on what was measured."
)


def save_images(
    folder: Path,
    config: VisionConfig,
    graph: KnowledgeGraph,
    task: ClassTask,
    outcomes: Mapping[str, Outcome],
    *,
    pipeline: str,
    kg: ClassArm,
    classes: Sequence[str],
    key: str,
    details: Mapping[str, Any],
) -> RunResult:
    """Put an experiment over images together and write it as a run.

    Args:
        folder: of the run.
        config: the run's settings.
        graph: the run's knowledge.
        task: of the experiment.
        outcomes: setting -> what the experiment gave.
        pipeline: its name.
        kg: the arm whose model is kept.
        classes: labels in the order of the logits.
        key: the run's hash.
        details: further findings for the report.
    """
    labels = config.labels_per_class[0]
    result = RunResult(
        pipeline=pipeline,
        data=config.data.path,
        test=",".join(config.data.test) or config.data.path,
        metric="balanced_accuracy",
        seeds=list(range(config.seeds)),
        settings={setting: outcome.result for setting, outcome in outcomes.items()},
        environment=environment(task.device),
        details={
            **image_details(graph, task, kg, labels, classes),
            "gates_note": GATES,
            "gates": {setting: learned_gates(found.runs) for setting, found in outcomes.items()},
            "training": {"backbone": task.backbone.source, **config.training.model_dump()},
            "command": command_line(),
            **details,
        },
        graph_hash=graph.hash,
        run_hash=key,
    )
    model = task.fit(kg, labels, 0)
    save_run(folder, result, graph, model, config)
    return result
