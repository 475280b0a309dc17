"""One model of a run -> the model after an edit: trained on, its frozen layers kept."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from torch import Tensor

from kgtransfer.classification.logit_terms import fit_logit_terms
from kgtransfer.classification.model import Classifier
from kgtransfer.classification.samples import few_labels
from kgtransfer.classification.task import TRAINED
from kgtransfer.images.head import ClassHead
from kgtransfer.images.retraining.transfer_state import transferred_activations, transferred_state
from kgtransfer.images.training import train_head, train_network

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    terms, offset = fit_logit_terms(method.terms, few, classification.prior)
    if not method.has_network:
        classification.keep(Classifier(terms, None), method, labels, seed, started)
        return
    untrained = learner.network(method, classification.train, seed)
    model = Classifier.load(
        old.model(labels, seed),
        untrained,
        classification.prior,
        adapted=lambda state: _adapted(state, old, edit, task, untrained),
    )
    network, activations = untrained, dict[str, Tensor]()
    origin, head = network.gates(), ClassHead.of(network)
    has_new = _has_new_labels(few, task.domains.targets.labels, before.targets.labels)
    share = 1.0 if has_new else SHARE
    if head:
        kept = _named(model.activations, before, few_labels(before.train, labels, seed))
        for name, samples in {**classification.tests, TRAINED: few}.items():
            activations[name], _ = transferred_activations(head, kept.get(name, {}), samples)
        train_head(head, activations[TRAINED], few, offset, learner.recipe, seed=seed, share=share)
    else:
        train_network(
            network, few, offset, learner.recipe, learner.augmentation,
            trained="head", seed=seed, share=share,
        )  # fmt: skip
    model = Classifier(terms, network.eval(), activations, origin)
    classification.keep(model, method, labels, seed, started)


def _has_new_labels(few: Samples, labels: Sequence[str], before: Sequence[str]) -> bool:
    """Whether a label has training images that the old models never learned from."""
    return any(labels[row] not in before for row in set(few.targets.tolist()))


def _adapted(
    state: dict[str, Tensor], old: SavedImages, edit: Edit, task: ImageTask, network: ClassNetwork
) -> dict[str, Tensor]:
    """Tensors of an old network -> of the new form, rows and columns by their names."""
    details, domains = old.result.details, task.domains
    labels = details["targets"]["labels"], domains.targets.labels
    relations = edit.renamed(details["relations"]), domains.train.grounding.relations
    return transferred_state(state, network, labels, relations)


def _named(
    activations: Mapping[str, Tensor], before: Domains, trained: Sequence[int]
) -> dict[str, dict[str, Tensor]]:
    """Activations by data set -> name of a data set -> name of an image -> its activations."""
    names = {name: samples.names for name, samples in before.every_test.items()}
    names[TRAINED] = tuple(before.train.names[row] for row in trained)
    return {name: dict(zip(names[name], kept, strict=True)) for name, kept in activations.items()}
