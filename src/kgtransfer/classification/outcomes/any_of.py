"""Several labels at once: a sigmoid for each, binary cross-entropy, macro balanced accuracy.

In training and calibration the samples with a label count as much as those without it, as classes
do where a sample has one of them: draws cannot be balanced for all labels at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import torch
import torch.nn.functional as F
from scipy.special import expit

from kgtransfer.classification.draws import label_draw
from kgtransfer.classification.label_metrics import (
    label_metrics,
    label_reliability,
    label_rows,
    macro_balanced_scores,
    side_weights,
)
from kgtransfer.classification.metrics import tempered
from kgtransfer.classification.outcomes.one_of import (
    ABSENT,
    LEAST_SHARE,
    TINY,
    OneOf,
    by_best_class,
)
from kgtransfer.classification.outcomes.outcome import Contrast, Malformed
from kgtransfer.classification.regression import RIDGE
from kgtransfer.classification.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    import numpy.typing as npt
    from torch import Tensor

    from kgtransfer.conditioning.axiom_prior import AxiomPrior
    from kgtransfer.grounding.observations import Observations
    from kgtransfer.knowledge.axioms.frequencies import TablesOf
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

__all__ = ["BETWEEN", "AnyOf"]

BETWEEN = "|"
"""Between the labels of a sample in a table."""
NEWTON_STEPS = 20


@dataclass(frozen=True)
class AnyOf:
    """Each sample has any number of labels; see `Outcome`.

    Attributes:
        targets: labels, a logit each, and the classes behind them.
        share: `[labels]` of the labelled samples that have each; empty before `fitted`.
    """

    targets: Targets
    share: tuple[float, ...] = ()

    name: ClassVar[str] = "several"
    label_unit: ClassVar[str] = "samples with each label"
    metric: ClassVar[str] = "macro_balanced_accuracy"
    full_weight_says: ClassVar[str] = "the number of attributes counts them as independent"

    @classmethod
    def malformed(cls, cell: str) -> Malformed | None:
        """Labels stand between bars; an empty cell has none."""
        parts = _parts(cell)
        if not cell or (all(parts) and len(set(parts)) == len(parts)):
            return None
        wrong = "a label twice" if all(parts) else "an empty label"
        return Malformed(f"{wrong} in {cell!r}", f"write labels as in circle{BETWEEN}square")

    @classmethod
    def labels_in(cls, cells: Iterable[str]) -> tuple[str, ...]:
        """All parts of the cells, sorted."""
        return tuple(sorted({label for cell in cells for label in _parts(cell)}))

    @classmethod
    def uniform(cls, cells: Sequence[str]) -> Malformed | None:
        """Some label is on some samples, not on all."""
        if len({frozenset(_parts(cell)) for cell in cells}) > 1:
            return None
        message = f"all {len(cells)} images have the same labels: {cells[0]!r}"
        return Malformed(message, "add images with others")

    @classmethod
    def without(cls, cells: Sequence[str], labels: Collection[str]) -> list[str | None]:
        """A sample stays, without the labels."""
        return [BETWEEN.join(p for p in _parts(cell) if p not in labels) for cell in cells]

    @classmethod
    def of(cls, graph: KnowledgeGraph, labels: Sequence[str], more: Sequence[str] = ()) -> Self:
        """See `LabelForm`."""
        return cls(Targets.of(graph, labels, more))

    def encoded(self, cells: Sequence[str]) -> Floats:
        """1 where a sample has a label, else 0, `[samples, labels]`."""
        column = {label: index for index, label in enumerate(self.targets.labels)}
        table = np.zeros((len(cells), len(column)))
        for row, cell in enumerate(cells):
            table[row, [column[label] for label in _parts(cell)]] = 1
        return table

    def hidden(self, targets: Floats, labels: Collection[str]) -> tuple[list[int], Floats]:
        """All samples; of a label that none has, nothing is learned."""
        kept = [label not in labels for label in self.targets.labels]
        return list(range(len(targets))), np.where(kept, targets, 0.0)

    def surest(self, answers: Floats, share: float) -> tuple[list[int], Floats]:
        """None."""
        return [], np.zeros((0, answers.shape[1]))

    def draw(self, targets: Floats, count: int, seed: int) -> list[int]:
        """So many samples with each label, and as many without it."""
        return label_draw(targets, count, seed)

    def scarce(self, targets: Floats, count: int) -> dict[str, int]:
        """Labels that fewer samples have, or lack."""
        held = (targets > 0).sum(axis=0)
        fewer = np.minimum(held, len(targets) - held).tolist()
        return {name: n for name, n in zip(self.targets.labels, fewer, strict=True) if n < count}

    def members(self, targets: Floats) -> list[Ints]:
        """Rows of the samples with each class's label."""
        return [np.flatnonzero(targets[:, label]) for label in self.targets.label_of]

    def examples(self, targets: Floats) -> dict[str, int]:
        """Label -> the sample that has it with the fewest others."""
        labels = enumerate(self.targets.labels)
        crowd = targets.sum(axis=1)
        return {
            label: int(np.where(targets[:, column] > 0, crowd, np.inf).argmin())
            for column, label in labels
            if targets[:, column].any()
        }

    def fitted(self, targets: Floats) -> Self:
        """Knows how many of the labelled samples have each label."""
        if not len(targets):
            return self
        return replace(self, share=tuple(targets.mean(axis=0).tolist()))

    def state(self) -> dict[str, Floats]:
        """Nothing: answers are logits."""
        return {}

    def restored(self, state: Mapping[str, Floats]) -> Self:
        """The same."""
        return self

    def in_units(self, parts: Floats) -> Floats:
        """Logits, as they are."""
        return parts

    def supervised(self, logits: Floats, targets: Floats) -> Floats:
        """A label that no sample has, or all, is settled: nothing is learned of it."""
        has = targets.mean(axis=0) if len(targets) else np.full(targets.shape[1], 0.5)
        return np.where(has == 0, ABSENT, np.where(has == 1, -ABSENT, logits))

    def log_loss(self, logits: Floats, targets: Floats) -> float:
        """Binary cross-entropy, summed over samples and labels, either side by half."""
        losses = np.logaddexp(0, logits) - targets * logits
        return float((self._weights(targets) * losses).sum())

    def loss_and_gradient(self, logits: Floats, targets: Floats) -> tuple[float, Floats]:
        """Binary cross-entropy, and predicted minus true labels, weighted."""
        gradient = self._weights(targets) * (expit(logits) - targets)
        return self.log_loss(logits, targets), np.asarray(gradient)

    def masses(self, targets: Floats) -> Floats:
        """One for each label that a sample has, and then for each that it has not.

        Either side counts by half, as in `log_loss`.
        """
        sides = np.hstack([targets, 1 - targets])
        return np.asarray(sides / np.maximum(sides.sum(axis=0), 1))

    def from_masses(self, reached: Floats, targets: Floats) -> Floats:
        """Logits of the share that speaks for a label; 0 where labelled samples tell nothing."""
        with_label, without = np.hsplit(reached, 2)
        share = with_label / np.maximum(with_label + without, TINY)
        told = (targets.min(axis=0) < 1) & (targets.max(axis=0) > 0)
        logits = np.log(share + LEAST_SHARE) - np.log(1 - share + LEAST_SHARE)
        return np.where(told, logits, 0.0)

    def intercepts(self, logits: Floats, targets: Floats) -> Floats:
        """By Newton's method, under the ridge penalty that regressions have."""
        weights, constants = self._weights(targets), np.zeros(logits.shape[1])
        for _ in range(NEWTON_STEPS):
            shares = expit(logits + constants)
            slope = (weights * (shares - targets)).sum(axis=0) + RIDGE * constants
            curvature = (weights * shares * (1 - shares)).sum(axis=0) + RIDGE
            constants = constants - np.clip(slope / curvature, -1, 1)
        return np.asarray(constants)

    def tensor_loss(self, logits: Tensor, targets: Tensor, smoothing: float) -> Tensor:
        """Binary cross-entropy, either side by half; settled labels are not smoothed."""
        weights = torch.from_numpy(self._weights(targets.cpu().numpy())).to(logits)
        open_labels = logits.detach().abs() < abs(ABSENT) / 2
        smooth = targets * (1 - smoothing) + smoothing / 2
        truth = torch.where(open_labels, smooth, targets).to(logits)
        return F.binary_cross_entropy_with_logits(logits, truth, weights)

    def probabilities(self, logits: Tensor) -> Tensor:
        """A sigmoid a label."""
        return logits.sigmoid()

    def prior(self, tables: TablesOf) -> AxiomPrior:
        """See `AxiomPrior.telling`."""
        return OneOf(self.targets).prior(tables)

    def full_weight(self, prior: AxiomPrior) -> float:
        """The number of attributes: then they count as independent."""
        return OneOf(self.targets).full_weight(prior)

    def evidence(self, prior: AxiomPrior, observed: Observations) -> Callable[[float], Floats]:
        """Weight times each label's log ratio to one of which nothing is said.

        So each label has its own evidence: what another leads to expect says nothing of it.
        """
        scores = np.mean(list(prior.by_attribute(observed, even=True).values()), axis=0)
        return lambda weight: prior.by_label(weight * scores)

    def by_attribute(
        self, prior: AxiomPrior, observed: Observations, weight: float
    ) -> dict[str, Floats]:
        """An equal share of the weight times each attribute's score of a label's best class."""
        return by_best_class(prior.by_attribute(observed, even=True), self.targets, weight)

    def scored_rows(self, targets: Floats) -> Ints:
        """All samples; see `scored_labels` for which of the labels."""
        return np.arange(len(targets))

    def scores(self, answers: Floats, targets: Floats) -> Floats:
        """Whose mean is macro balanced accuracy."""
        return macro_balanced_scores((answers > 0) == (targets > 0), targets > 0)

    def held_out_loss(self, answers: Floats, targets: Floats) -> float:
        """Mean cross-entropy after temperature scaling."""
        return tempered(lambda logits: self.log_loss(logits, targets), answers) / len(targets)

    def strata(self, targets: Floats) -> list[int]:
        """None: each sample belongs to many."""
        return []

    def metrics(self, answers: Floats, targets: Floats) -> dict[str, float]:
        """See `label_metrics`."""
        return label_metrics(answers, targets > 0)

    def findings(
        self, answers: Floats, targets: Floats, names: Sequence[str]
    ) -> dict[str, dict[str, Any]]:
        """What is right of each label, and calibration."""
        return {
            "labels": {"rows": label_rows(answers, targets > 0, names)},
            "calibration": label_reliability(answers, targets > 0),
        }

    def shares(self, answer: Floats) -> dict[str, float]:
        """Label -> its own probability."""
        labels = self.targets.labels
        return {labels[row]: float(expit(answer[row])) for row in np.argsort(-answer)}

    def answer_texts(self, answers: Floats) -> list[str]:
        """All labels that are likelier than not, as a table writes them."""
        labels = np.array(self.targets.labels)
        return [BETWEEN.join(labels[row]) for row in answers > 0]

    def contrasts(self, answer: Floats) -> tuple[Contrast, ...]:
        """The logit of each label that is likelier than not, or of the likeliest."""
        order = np.argsort(-answer).tolist()
        likely = [row for row in order if answer[row] > 0] or order[:1]
        return tuple(Contrast(self.targets.labels[row], row) for row in likely)

    def _weights(self, targets: Floats) -> Floats:
        return side_weights(targets > 0, np.array(self.share or targets.mean(axis=0)))


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(BETWEEN)] if cell else []
