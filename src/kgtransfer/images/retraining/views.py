"""What an ontology makes of a run's images: as data that two ontologies are compared by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.classification.metrics import balanced_scores
from kgtransfer.classification.outcomes.one_of import OneOf
from kgtransfer.edits.plan import View
from kgtransfer.images.domains import TRAIN
from kgtransfer.images.task import class_prior

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from kgtransfer.classification.outcomes.outcome import Outcome
    from kgtransfer.classification.samples import Samples
    from kgtransfer.edits.compare import Rescore
    from kgtransfer.images.domains import Domains

    Floats = npt.NDArray[np.float64]

__all__ = ["RESCORES", "balanced", "scored_labels", "view_of"]


def view_of(domains: Domains) -> View:
    """Data sets as an ontology sees them -> weights of samples, tables of axioms, labels."""
    prior = class_prior(domains)
    axioms = {
        cls: {
            (attribute, value): float(table[row, column])
            for attribute, (values, table) in prior.tables.items()
            for column, value in enumerate(values)
        }
        for row, cls in enumerate(prior.classes)
    }
    sets = {TRAIN: domains.train, **domains.every_test}
    weights = {name: _weights(samples) for name, samples in sets.items()}
    targets = domains.outcome.targets
    levels = [
        f"{domains.grounder.label(cls)}, {number:g}"
        for cls, number in zip(targets.classes, targets.numbers, strict=False)  # none of labels
    ]
    return View(weights, axioms, (*targets.labels, *levels))


def _weights(samples: Samples) -> dict[str, Floats]:
    """IRI of a value -> how strongly each sample shows it."""
    observed = samples.observed
    return {
        value: observed.weights[attribute][:, column]
        for attribute, values in observed.values.items()
        for column, value in enumerate(values)
    }


def scored_labels(samples: Samples, outcome: Outcome) -> dict[str, str]:
    """A test set -> name of each image that is scored, in order, and its label."""
    rows = outcome.scored_rows(samples.targets)
    return {samples.names[row]: samples.labels[row] for row in rows}


def balanced(scores: Floats, targets: npt.NDArray[np.int64]) -> Floats:
    """Balanced scores `[seeds, images]` of some images -> those of these images alone.

    A score above 0 is a right answer.
    """
    return np.stack([balanced_scores(row > 0, targets) for row in scores])


RESCORES: Mapping[str, Rescore] = {OneOf.name: balanced}
"""What labels are -> scores of some images by themselves, where scores of all tell them."""
