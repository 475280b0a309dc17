"""One model of a run -> the model after an edit: trained on, its frozen layers kept."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from torch import Tensor

from kgtransfer.classification.logit_terms import fit_logit_terms
from kgtransfer.classification.model import Classifier
from kgtransfer.classification.task import TRAINED
from kgtransfer.images.head import ClassHead
from kgtransfer.images.retraining.transfer_state import transferred_activations, transferred_state
from kgtransfer.images.training import train_head, train_network

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.classification.outcomes.outcome import Outcome
    from kgtransfer.classification.samples import Samples
    from kgtransfer.edits.edit import Edit
    from kgtransfer.images.arms import ImageMethod
    from kgtransfer.images.domains import Domains
    from kgtransfer.images.network import ClassNetwork
    from kgtransfer.images.run import SavedImages
    from kgtransfer.images.task import ImageTask

__all__ = ["continue_model"]

SHARE = 0.1
"""Of the steps of a training, where it goes on; chosen on validation images."""


def continue_model(
    old: SavedImages,
    edit: Edit,
    before: Domains,
    task: ImageTask,
    method: ImageMethod,
    labels: int,
    seed: int,
) -> None:
    """Fit logit terms anew, train head and conditioner on, and keep the model with its scores.

    Head and conditioner go on from where the last whole training left them, not from where the
    last edit did: what many edits come to depends on the last ontology alone.

    Args:
        old: the run.
        edit: of its ontology.
        before: the data sets as the old ontology sees them.
        task: after the edit; keeps what is fitted.
        method: of the run's models.
        labels: per class, of the model.
        seed: of the model.
    """
    classification, learner = task.classification, task.learner
    started, few = time.perf_counter(), classification.few(labels, seed)
    asked, method = method, classification.resolved(method, labels, seed)
    outcome = classification.outcome.fitted(few.targets)
    terms, offset = fit_logit_terms(method.terms, few, classification.prior, outcome)
    if not method.has_network:
        classification.keep(Classifier(outcome, terms, None), asked, labels, seed, started)
        return
    untrained = learner.network(method, classification.train, seed)
    model = Classifier.load(
        old.model(labels, seed),
        untrained,
        classification.prior,
        outcome,
        adapted=lambda state: _adapted(state, old, edit, task, untrained),
    )
    network, activations = untrained, dict[str, Tensor]()
    origin, head = network.gates(), ClassHead.of(network)
    has_new = _has_new_labels(few, outcome, before.outcome)
    share = 1.0 if has_new else SHARE
    if head:
        kept = _named(model.activations, before, labels, seed)
        tests = {} if head.is_large else classification.tests
        for name, samples in {**tests, TRAINED: few}.items():
            activations[name], _ = transferred_activations(head, kept.get(name, {}), samples)
    if method.trained == "regression":
        learner.fit_head(network, method, few, offset)
    elif head:
        train_head(
            head, activations[TRAINED], few, offset, outcome, learner.recipe,
            seed=seed, share=share,
        )  # fmt: skip
    else:
        train_network(
            network, few, offset, outcome, learner.recipe, learner.augmentation,
            trained="head", seed=seed, share=share,
        )  # fmt: skip
    kept_activations = {} if head and head.is_large else activations
    model = Classifier(outcome, terms, network.eval(), kept_activations, origin)
    classification.keep(model, asked, labels, seed, started)


def _has_new_labels(few: Samples, outcome: Outcome, before: Outcome) -> bool:
    """Whether a label has training images that the old models never learned from."""
    targets, members = outcome.targets, outcome.members(few.targets)
    present = {label for label, rows in zip(targets.label_of, members, strict=True) if len(rows)}
    return any(targets.labels[label] not in before.targets.labels for label in present)


def _adapted(
    state: dict[str, Tensor], old: SavedImages, edit: Edit, task: ImageTask, network: ClassNetwork
) -> dict[str, Tensor]:
    """Tensors of an old network -> of the new form, rows and columns by their names."""
    details, domains = old.result.details, task.domains
    labels = details["targets"]["labels"], domains.outcome.targets.labels
    relations = edit.renamed(details["relations"]), domains.train.grounding.relations
    return transferred_state(state, network, labels, relations)


def _named(
    activations: Mapping[str, Tensor], before: Domains, labels: int, seed: int
) -> dict[str, dict[str, Tensor]]:
    """Activations by data set -> name of a data set -> name of an image -> its activations."""
    names = {name: samples.names for name, samples in before.every_test.items()}
    trained = before.outcome.draw(before.train.targets, labels, seed)
    names[TRAINED] = tuple(before.train.names[row] for row in trained)
    return {name: dict(zip(names[name], kept, strict=True)) for name, kept in activations.items()}
