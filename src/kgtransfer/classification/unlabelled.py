"""Fits of a classification task -> what they say of each test set, no label looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kgtransfer.runs.unlabelled import Unlabelled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kgtransfer.classification.samples import Samples
    from kgtransfer.classification.task import ClassificationTask
    from kgtransfer.conditioning.axiom_prior import AxiomPrior

__all__ = ["unlabelled_of"]


def unlabelled_of(
    task: ClassificationTask[Any], fits: Iterable[tuple[int, int]]
) -> dict[str, Unlabelled]:
    """The answers of the method whose models are kept, and how well samples fit the ontology.

    Args:
        task: with its fits.
        fits: number of labels and seed of each.
    """
    answers = [task.answers(task.kept, labels, seed) for labels, seed in fits]
    return {
        name: Unlabelled.of(
            samples.inputs_hash,
            [task.outcome.answer_texts(of_tests[name]) for of_tests in answers],
            _fits(samples, task.prior),
        )
        for name, samples in task.tests.items()
    }


def _fits(samples: Samples, prior: AxiomPrior) -> dict[str, Any]:
    axioms = {"axioms": prior.log_evidence(samples.observed)} if prior.tables else {}
    return {"values": samples.observed.information(), **axioms}
