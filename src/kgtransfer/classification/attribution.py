"""What each piece of knowledge is worth to a trained classifier: leave it out, and score again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from kgtransfer.classification.logit_terms import AxiomTerm
from kgtransfer.errors import RunError
from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.comparison import ArmScores, Comparison
from kgtransfer.grounding.observations import FLOOR, Observations

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.classification.model import Classifier
    from kgtransfer.classification.samples import Samples
    from kgtransfer.conditioning.axiom_prior import AxiomPrior

    Floats = npt.NDArray[np.float64]

__all__ = ["Attribution", "KnowledgePiece", "attributions", "knowledge_pieces"]


@dataclass(frozen=True)
class KnowledgePiece:
    """A piece of knowledge that can be left out: an attribute, a concept or an axiom.

    Attributes:
        kind: "attribute", "concept" (a value of one), or "axiom" (what a class is said to show).
        iris: of the attribute; of the concept; of the class and the attribute.
    """

    kind: str
    iris: tuple[str, ...]

    def without(self, prior: AxiomPrior, samples: Samples) -> tuple[AxiomPrior, Samples]:
        """The axioms, and what samples show, as if this were not known.

        Args:
            prior: the axioms.
            samples: what they show.
        """
        return _WITHOUT[self.kind](self.iris, prior, samples)


@dataclass(frozen=True)
class Attribution:
    """What a piece is worth: the metric with it minus that without it.

    Attributes:
        piece: what was left out.
        comparison: paired over samples and seeds; it "helps" where the model is better with it.
    """

    piece: KnowledgePiece
    comparison: Comparison


def knowledge_pieces(prior: AxiomPrior) -> Iterator[KnowledgePiece]:
    """All that the axioms tell classes apart by: attributes, their values, and each class's row."""
    for attribute, (values, table) in prior.tables.items():
        yield KnowledgePiece("attribute", (attribute,))
        for value in values:
            yield KnowledgePiece("concept", (value,))
        for cls, row in zip(prior.classes, table, strict=True):
            if not np.allclose(row, row[0]):  # else nothing is said
                yield KnowledgePiece("axiom", (cls, attribute))


def attributions(
    pieces: Sequence[KnowledgePiece],
    models: Sequence[Classifier[Any]],
    samples: Samples,
    name: str,
    *,
    domain_shift_weight: float,
    axiom_weight: float = 1.0,
    progress: Callable[[], None] = lambda: None,
) -> list[Attribution]:
    """Pieces of knowledge -> what each is worth to models; nothing is trained again.

    Args:
        pieces: what is left out in turn.
        models: of the same arm, a seed each; their first term is that of the axioms.
        samples: the data set that is scored.
        name: of the data set, for the activations that models have of it.
        domain_shift_weight: how much what was learned counts on it.
        axiom_weight: how much the axioms count on it.
        progress: told after each piece.
    """
    outcome = models[0].outcome
    rows = outcome.scored_rows(samples.targets)
    targets = samples.targets[rows]
    strata = outcome.strata(targets)
    groups = () if samples.groups is None else samples.groups[rows].tolist()
    weights = axiom_weight, domain_shift_weight

    def scores(piece: KnowledgePiece | None) -> ArmScores:
        pairs = [(m, samples) if piece is None else _without(piece, m, samples) for m in models]
        answers = [_answers(*pair, name, weights)[rows] for pair in pairs]
        table = [outcome.scores(of_model, targets) for of_model in answers]
        arm: Arm[Any] = Arm("without" if piece else "with")
        return ArmScores(arm, np.stack(table), strata=strata, groups=groups)

    full, worth = scores(None), []
    for piece in pieces:
        worth.append(Attribution(piece, Comparison.of(full, scores(piece))))
        progress()
    return worth


def _answers(
    model: Classifier[Any], samples: Samples, name: str, weights: tuple[float, float]
) -> Floats:
    weights = (weights[0] if model.has_axioms else 1.0), weights[1]
    return np.asarray(np.tensordot(weights, model.parts(samples, name), axes=1))


def _without(
    piece: KnowledgePiece, model: Classifier[Any], samples: Samples
) -> tuple[Classifier[Any], Samples]:
    """The model, and what it is shown, without a piece."""
    (name, axioms), *others = model.terms.items()
    if not isinstance(axioms, AxiomTerm):
        raise RunError(
            "the run's models have no axioms",
            cure="explain a run whose headline has the term axioms",
        )
    prior, changed = piece.without(axioms.prior, samples)
    return replace(model, terms={name: replace(axioms, prior=prior), **dict(others)}), changed


def _without_attribute(
    iris: tuple[str, ...], prior: AxiomPrior, samples: Samples
) -> tuple[AxiomPrior, Samples]:
    (attribute,) = iris
    values, table = prior.tables[attribute]
    silent = np.full_like(table, 1 / len(values))
    tables = {**prior.tables, attribute: (values, silent)}
    return replace(prior, tables=tables), _ungrounded(samples, values)


def _without_concept(
    iris: tuple[str, ...], prior: AxiomPrior, samples: Samples
) -> tuple[AxiomPrior, Samples]:
    (concept,) = iris
    observed = samples.observed
    attribute = next(a for a, values in observed.values.items() if concept in values)
    column = observed.values[attribute].index(concept)
    weights = observed.weights[attribute].copy()
    weights[:, column] = FLOOR * weights[:, column]
    weights /= weights.sum(axis=1, keepdims=True)
    changed = Observations(observed.values, {**observed.weights, attribute: weights})
    return prior, replace(_ungrounded(samples, iris), observed=changed)


def _without_axiom(
    iris: tuple[str, ...], prior: AxiomPrior, samples: Samples
) -> tuple[AxiomPrior, Samples]:
    """The class shows what the others show on average."""
    cls, attribute = iris
    values, table = prior.tables[attribute]
    changed, row = table.copy(), prior.classes.index(cls)
    changed[row] = np.delete(table, row, axis=0).mean(axis=0)
    return replace(prior, tables={**prior.tables, attribute: (values, changed)}), samples


def _ungrounded(samples: Samples, iris: Collection[str]) -> Samples:
    """Samples that the conditioner no longer sees show some concepts."""
    grounding = samples.grounding
    columns = [column for column, iri in enumerate(grounding.concepts) if iri in iris]
    left_out = torch.isin(grounding.rows, torch.tensor(columns, dtype=torch.int64))
    weights = torch.where(left_out, 0.0, grounding.weights)
    return replace(samples, grounding=replace(grounding, weights=weights))


_WITHOUT: Mapping[
    str,
    Callable[[tuple[str, ...], AxiomPrior, Samples], tuple[AxiomPrior, Samples]],
] = {
    "attribute": _without_attribute,
    "concept": _without_concept,
    "axiom": _without_axiom,
}
