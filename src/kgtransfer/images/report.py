"""What a run over images found, beyond its scores: for the report's plots."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.classification.metrics import confusion
from kgtransfer.images.drawing import draw_grounded
from kgtransfer.report.findings import graph_summary
from kgtransfer.report.style import png

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.classification.arms import ClassArm
    from kgtransfer.classification.targets import Targets
    from kgtransfer.classification.task import ClassTask
    from kgtransfer.grounding.measured import MeasuredGrounder
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = [
    "concept_heat",
    "confusions",
    "grounded_pictures",
    "image_details",
]

DPI = 110  # of pictures inside the page


def image_details(
    graph: KnowledgeGraph, task: ClassTask, targets: Targets, kg: ClassArm, labels: int
) -> dict[str, Any]:
    """The report's `details` of a run over images.

    Args:
        graph: the run's knowledge.
        task: of the run; the fits are taken from its store.
        targets: what is told apart.
        kg: the arm to look closer at.
        labels: per class, of the main setting.
    """
    return {
        "label_unit": "labels per class",
        "graph": graph_summary(graph),
        "embedding": dict(task.concepts.provenance),
        "trust": {name: task.trust(name) for name in task.tests},
        "confusion": confusions(task, kg, labels, targets.labels),
        "concepts": concept_heat(graph, task, targets),
    }


def confusions(
    task: ClassTask, kg: ClassArm, labels: int, classes: Sequence[str]
) -> dict[str, Any]:
    """Test set -> counts of the arm's first seed."""
    logits, _ = task.scores(kg, labels, 0)
    return {
        name: {"classes": list(classes), "table": confusion(of, task.tests[name].targets).tolist()}
        for name, of in logits.items()
    }


def concept_heat(graph: KnowledgeGraph, task: ClassTask, targets: Targets) -> dict[str, Any]:
    """How strongly the training images of each class show each value, and what axioms expect."""
    observed = task.train.observed
    members = [np.flatnonzero(task.train.targets == label) for label in targets.label_of]
    names, seen, stated = [], [], []
    for attribute, (values, table) in task.prior.tables.items():
        for column, value in enumerate(values):
            weights = observed.weights[attribute][:, observed.values[attribute].index(value)]
            names.append(graph.label(value))
            seen.append([float(weights[rows].mean()) if len(rows) else 0.0 for rows in members])
            stated.append(table[:, column].tolist())
    several = len(targets.classes) > len(targets.labels)
    classes = map(graph.label, targets.classes) if several else targets.labels
    return {"names": names, "classes": list(classes), "seen": seen, "stated": stated}


def grounded_pictures(
    grounder: MeasuredGrounder[Picture], pictures: Mapping[str, Picture]
) -> list[dict[str, str]]:
    """Grounded images as PNG: what was found in them, and weights of the concepts."""
    found = []
    for title, picture in pictures.items():
        content = base64.b64encode(png(draw_grounded(grounder, picture), dpi=DPI)).decode("ascii")
        found.append({"title": title, "png": content})
    return found
