"""What a run over images found beyond its scores: for the report, and for a later retraining."""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.conditioning.axiom_evidence import contradicted
from kgtransfer.grounding.observations import most_shown
from kgtransfer.images.data.colour_transfer import colours_to_json
from kgtransfer.images.drawing import draw_grounded
from kgtransfer.report.candidates import candidate_findings
from kgtransfer.report.findings import graph_summary, learned_gates
from kgtransfer.report.style import png

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.classification.outcomes.outcome import Outcome
    from kgtransfer.classification.samples import Samples
    from kgtransfer.classification.targets import Targets
    from kgtransfer.conditioning.axiom_prior import AxiomPrior
    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.grounding.source import Source, Usual
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.domains import Domains
    from kgtransfer.images.task import ImageTask
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = npt.NDArray[np.float64]

__all__ = ["class_names", "concept_heat", "grounded_pictures", "image_findings", "of_test_sets"]

DPI = 110  # of pictures inside the page
COLUMNS = 24  # of an attribute in the heat map, at most

GATES = (
    "`axioms` is lambda, the weight that the labels give to what the axioms say: 0 closes the "
    "gate, {full}. `measures` is the root mean square of the slopes of the regression on what was "
    "measured."
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
        "label_unit": domains.outcome.label_unit,
        "graph": graph_summary(task.graph),
        "embedding": dict(task.concepts.provenance),
        "domain_shift": {
            name: classification.domain_shift_weight(name) for name in classification.tests
        },
        "least_evidence": _least_evidence(task),
        "contradicted": {
            name: [domains.grounder.label(iri) for iri in found]
            for name, samples in classification.tests.items()
            if (found := contradicted(classification.prior, samples.observed))
        },
        "axiom_weight": {name: classification.axiom_weight(name) for name in classification.tests},
        **_of_headline(task, next(iter(runs.values())).seeds[0]),
        "concepts": concept_heat(
            domains.grounder, domains.train, classification.prior, domains.outcome
        ),
        "gates_note": GATES.format(full=domains.outcome.full_weight_says),
        "gates": {setting: learned_gates(of_setting.runs) for setting, of_setting in runs.items()},
        "gone": list(getattr(learner.backbone, "gone", ())),
        "training": {"backbone": source, **asdict(learner.recipe)},
        "method": asdict(classification.kept) if classification.kept else {},
        "choices": {
            f"{labels}-{seed}": choice.name
            for (labels, seed), choice in classification.candidates.choices.items()
        },
        **candidate_findings(runs),
        "targets": {name: list(values) for name, values in asdict(domains.outcome.targets).items()},
        "weights": _weights(domains.train, task.graph.rows),
        "source": _source(domains),
        "selected": list(task.concepts.iris),
        "relations": list(domains.train.grounding.relations),
        "data_hash": task.measured.hash,
        "overlap": dict(task.measured.data.overlap),
        "pictures": grounded_pictures(
            domains.grounder, domains.statistics.usual, _examples(task.graph, domains)
        ),
    }


def _least_evidence(task: ImageTask) -> float | None:
    """What all but the hundredth of the training images exceed; None without axioms."""
    prior, observed = task.classification.prior, task.domains.train.observed
    return float(np.quantile(prior.log_evidence(observed), 0.01)) if prior.tables else None


def _of_headline(task: ImageTask, seed: int) -> dict[str, Any]:
    """Answers of the method that the experiment is about, by test set; a report fits none."""
    classification, labels = task.classification, task.labels[0]
    method = classification.kept
    if method is None or not classification.has(method, labels, seed):
        return {}
    answers = classification.answers(method, labels, seed)
    tests = {test: classification.tests[test].targets for test in classification.tests}
    outcome = classification.outcome
    return of_test_sets(outcome, answers, tests, class_names(task.graph, outcome.targets))


def of_test_sets(
    outcome: Outcome,
    answers: Mapping[str, Floats],
    targets: Mapping[str, npt.NDArray[Any]],
    names: Sequence[str],
) -> dict[str, Any]:
    """Test set -> its answers and its labels -> section of the report -> test set -> content.

    Args:
        outcome: what the labels are.
        answers: `[samples, logits]`.
        targets: encoded labels; in the order of the test sets.
        names: what a reader calls the labels.
    """
    sections: dict[str, Any] = {}
    for test, of_test in targets.items():
        for section, content in outcome.findings(answers[test], of_test, names).items():
            sections.setdefault(section, {})[test] = content
    return sections


def class_names(graph: KnowledgeGraph, targets: Targets) -> tuple[str, ...]:
    """What a reader calls the labels: as the ontology does, where each stands for one class."""
    if targets.grouped:
        return targets.labels
    names = tuple(map(graph.label, targets.classes))
    return names if len(set(names)) == len(targets.labels) else targets.labels


def _examples(graph: KnowledgeGraph, domains: Domains) -> dict[str, Picture]:
    """Name of a class, and its label where that is another -> an image of it."""
    targets = domains.outcome.targets
    names = dict(zip(targets.labels, class_names(graph, targets), strict=True))
    return {
        label if names.get(label, label) == label else f"{names[label]} ({label})": picture
        for label, picture in domains.examples().items()
    }


def concept_heat(
    source: Source[Picture], train: Samples, prior: AxiomPrior, outcome: Outcome
) -> dict[str, Any]:
    """How strongly the training images of each class show each value, and what axioms expect.

    Of an attribute with very many values, those that images show most. Nothing where axioms say
    nothing.
    """
    if not prior.tables:
        return {}
    observed, targets = train.observed, outcome.targets
    most = most_shown(observed, COLUMNS)
    members = outcome.members(train.targets)
    names, seen, stated = [], [], []
    for attribute, (values, table) in prior.tables.items():
        for column, value in enumerate(values):
            if value not in most:
                continue
            weights = observed.weights[attribute][:, observed.values[attribute].index(value)]
            names.append(source.label(value))
            seen.append([float(weights[rows].mean()) if len(rows) else 0.0 for rows in members])
            stated.append(table[:, column].tolist())
    several = len(targets.classes) > len(targets.labels)
    graph = source.graph
    classes = map(graph.label, targets.classes) if several else class_names(graph, targets)
    return {"names": names, "classes": list(classes), "seen": seen, "stated": stated}


def grounded_pictures(
    source: Source[Picture], usual: Usual, pictures: Mapping[str, Picture]
) -> list[dict[str, str]]:
    """Title -> image, as PNGs: what is found in each beside the weights of its concepts."""
    return [
        {
            "title": title,
            "png": base64.b64encode(_drawn(source, usual, picture)).decode("ascii"),
        }
        for title, picture in pictures.items()
    ]


def _drawn(source: Source[Picture], usual: Usual, picture: Picture) -> bytes:
    return png(draw_grounded(source, picture, usual), dpi=DPI)


def _weights(train: Samples, concepts: Collection[str]) -> dict[str, float]:
    """IRI of each of the ontology's values -> how strongly training images show it on average."""
    observed = train.observed
    return {
        value: float(observed.weights[attribute][:, column].mean())
        for attribute, values in observed.values.items()
        for column, value in enumerate(values)
        if value in concepts
    }


def _source(domains: Domains) -> dict[str, Any]:
    """Statistics of the training images: what a single image is judged by."""
    statistics, model = domains.statistics, domains.grounder.model
    return {
        "ranges": {name: list(numbers) for name, numbers in statistics.usual.items()},
        "mean": statistics.mean.tolist(),
        "deviation": statistics.deviation.tolist(),
        "colours": colours_to_json(domains.colours),
        **({"model": model} if model else {}),
    }
