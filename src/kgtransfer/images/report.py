"""What a run over images found beyond its scores: for the report, and for a later retraining."""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.classification.calibration import reliability
from kgtransfer.classification.metrics import confusion, scored_rows
from kgtransfer.images.data.colour_transfer import colours_to_json
from kgtransfer.images.drawing import draw_grounded
from kgtransfer.report.findings import graph_summary, learned_gates
from kgtransfer.report.style import png

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.classification.samples import Samples
    from kgtransfer.classification.targets import Targets
    from kgtransfer.conditioning.axiom_prior import AxiomPrior
    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.grounding.measured import MeasuredGrounder
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.domains import Domains
    from kgtransfer.images.task import ImageTask
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

__all__ = [
    "calibrations",
    "class_names",
    "concept_heat",
    "confusions",
    "grounded_pictures",
    "image_findings",
]

DPI = 110  # of pictures inside the page

GATES = (
    "`axioms` is lambda, the weight that the labels give to the axioms' score: 0 closes the gate, "
    "the number of attributes counts them as independent. `measures` is the root mean square of "
    "the slopes of the regression on what was measured."
)


def image_findings(task: ImageTask, runs: Mapping[str, SettingRuns]) -> dict[str, Any]:
    """A finished task -> the `details` of its run.

    Args:
        task: of the run; fits are taken from where it keeps them.
        runs: setting -> what its arms gave.
    """
    classification, domains, learner = task.classification, task.domains, task.learner
    source = getattr(learner.backbone, "source", type(learner.backbone).__name__)
    return {
        "label_unit": "labels per class",
        "graph": graph_summary(task.graph),
        "embedding": dict(task.concepts.provenance),
        "domain_shift": {
            name: classification.domain_shift_weight(name) for name in classification.tests
        },
        **_of_headline(task, next(iter(runs.values())).seeds[0]),
        "concepts": concept_heat(task.graph, domains.train, classification.prior, domains.targets),
        "gates_note": GATES,
        "gates": {setting: learned_gates(of_setting.runs) for setting, of_setting in runs.items()},
        "training": {"backbone": source, **asdict(learner.recipe)},
        "method": asdict(classification.kept) if classification.kept else {},
        "targets": {name: list(values) for name, values in asdict(domains.targets).items()},
        "weights": _weights(domains.train),
        "source": _source(domains),
        "selected": list(task.concepts.iris),
        "relations": list(domains.train.grounding.relations),
        "data_hash": task.measured.hash,
        "pictures": grounded_pictures(domains.grounder, _examples(task.graph, domains)),
    }


def _of_headline(task: ImageTask, seed: int) -> dict[str, Any]:
    """Confusion and calibration of the method that the experiment is about; a report fits none."""
    classification, labels = task.classification, task.labels[0]
    method = classification.kept
    if method is None or not classification.has(method, labels, seed):
        return {}
    logits = classification.logits(method, labels, seed)
    names = class_names(task.graph, task.domains.targets)
    tests = {test: classification.tests[test].targets for test in classification.tests}
    return {
        "confusion": confusions(logits, tests, names),
        "calibration": calibrations(logits, tests),
    }


def confusions(
    logits: Mapping[str, Floats], targets: Mapping[str, Ints], classes: Sequence[str]
) -> dict[str, Any]:
    """Test set -> its logits and its targets -> counts of classes taken for classes."""
    return {
        test: {"classes": list(classes), "table": confusion(logits[test], of_test).tolist()}
        for test, of_test in targets.items()
    }


def calibrations(logits: Mapping[str, Floats], targets: Mapping[str, Ints]) -> dict[str, Any]:
    """Test set -> its logits and its targets -> bins of a reliability diagram.

    They are of the samples that are scored, so that `ece` is that of the scores.
    """
    rows = {test: scored_rows(of_test) for test, of_test in targets.items()}
    return {
        test: reliability(logits[test][rows[test]], of_test[rows[test]])
        for test, of_test in targets.items()
    }


def class_names(graph: KnowledgeGraph, targets: Targets) -> tuple[str, ...]:
    """What a reader calls the labels: as the ontology does, where each stands for one class."""
    if targets.grouped:
        return targets.labels
    names = tuple(map(graph.label, targets.classes))
    return names if len(set(names)) == len(targets.labels) else targets.labels


def _examples(graph: KnowledgeGraph, domains: Domains) -> dict[str, Picture]:
    """Name of a class, and its label where that is another -> an image of it."""
    targets = domains.targets
    names = dict(zip(targets.labels, class_names(graph, targets), strict=True))
    return {
        names[label] if names[label] == label else f"{names[label]} ({label})": picture
        for label, picture in domains.examples().items()
    }


def concept_heat(
    graph: KnowledgeGraph, train: Samples, prior: AxiomPrior, targets: Targets
) -> dict[str, Any]:
    """How strongly the training images of each class show each value, and what axioms expect."""
    observed = train.observed
    members = [np.flatnonzero(train.targets == label) for label in targets.label_of]
    names, seen, stated = [], [], []
    for attribute, (values, table) in prior.tables.items():
        for column, value in enumerate(values):
            weights = observed.weights[attribute][:, observed.values[attribute].index(value)]
            names.append(graph.label(value))
            seen.append([float(weights[rows].mean()) if len(rows) else 0.0 for rows in members])
            stated.append(table[:, column].tolist())
    several = len(targets.classes) > len(targets.labels)
    classes = map(graph.label, targets.classes) if several else class_names(graph, targets)
    return {"names": names, "classes": list(classes), "seen": seen, "stated": stated}


def grounded_pictures(
    grounder: MeasuredGrounder[Picture], pictures: Mapping[str, Picture]
) -> list[dict[str, str]]:
    """Title -> image, as PNGs: what is measured in each beside the weights of its concepts."""
    return [
        {
            "title": title,
            "png": base64.b64encode(png(draw_grounded(grounder, picture), dpi=DPI)).decode("ascii"),
        }
        for title, picture in pictures.items()
    ]


def _weights(train: Samples) -> dict[str, float]:
    """IRI of each measured value -> how strongly the training images show it on average."""
    observed = train.observed
    return {
        value: float(observed.weights[attribute][:, column].mean())
        for attribute, values in observed.values.items()
        for column, value in enumerate(values)
    }


def _source(domains: Domains) -> dict[str, Any]:
    """Statistics of the training images: what a single image is judged by."""
    statistics = domains.statistics
    return {
        "ranges": {name: [held.low, held.high] for name, held in statistics.ranges.items()},
        "mean": statistics.mean.tolist(),
        "deviation": statistics.deviation.tolist(),
        "colours": colours_to_json(domains.colours),
    }
