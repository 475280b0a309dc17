"""One of several classes: softmax over them, cross-entropy, balanced accuracy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import torch.nn.functional as F

from kgtransfer.classification.calibration import reliability
from kgtransfer.classification.draws import balanced_draw
from kgtransfer.classification.metrics import (
    balanced_scores,
    class_metrics,
    confusion,
    probabilities,
    scored_rows,
    tempered,
)
from kgtransfer.classification.outcomes.outcome import Contrast, Malformed
from kgtransfer.classification.targets import Targets
from kgtransfer.conditioning.axiom_prior import AxiomPrior

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    import numpy.typing as npt
    from torch import Tensor

    from kgtransfer.grounding.observations import Observations
    from kgtransfer.knowledge.axioms.frequencies import TablesOf
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

__all__ = ["ABSENT", "LEAST_SHARE", "TINY", "OneOf", "by_best_class"]

ABSENT = -1e4
"""Logit of a label that no sample has, while something is learned."""

LEAST_SHARE = 1e-3
"""Of neighbours' labels, that any label has: no logarithm is endless."""
TINY = float(np.finfo(np.float64).tiny)

_OR_SEVERAL = '; where a sample may have none or several: [data] labels = "several"'


@dataclass(frozen=True)
class OneOf:
    """Each sample has one label; see `Outcome`.

    Attributes:
        targets: labels, a logit each, and the classes behind them.
    """

    targets: Targets

    name: ClassVar[str] = "one"
    label_unit: ClassVar[str] = "labels per class"
    metric: ClassVar[str] = "balanced_accuracy"
    full_weight_says: ClassVar[str] = "the number of attributes counts them as independent"

    @classmethod
    def malformed(cls, cell: str) -> Malformed | None:
        """A label is any text without bars, which stand between several."""
        if not cell:
            return Malformed("no label", f"fill it in, or leave the line out{_OR_SEVERAL}")
        if "|" in cell:
            return Malformed(f"{cell} are several labels", f"leave one{_OR_SEVERAL}")
        return None

    @classmethod
    def labels_in(cls, cells: Iterable[str]) -> tuple[str, ...]:
        """All, sorted."""
        return tuple(sorted(set(cells)))

    @classmethod
    def uniform(cls, cells: Sequence[str]) -> Malformed | None:
        """Two classes are the least."""
        if len(set(cells)) > 1:
            return None
        message = f"all {len(cells)} images are {cells[0]!r}, and there is nothing to tell apart"
        return Malformed(message, "add images of at least one other class")

    @classmethod
    def without(cls, cells: Sequence[str], labels: Collection[str]) -> list[str | None]:
        """A sample goes with its label."""
        return [None if cell in labels else cell for cell in cells]

    @classmethod
    def of(cls, graph: KnowledgeGraph, labels: Sequence[str], more: Sequence[str] = ()) -> Self:
        """See `LabelForm`."""
        return cls(Targets.of(graph, labels, more))

    def encoded(self, cells: Sequence[str]) -> Ints:
        """Row of each sample's label, `[samples]`."""
        row = {label: index for index, label in enumerate(self.targets.labels)}
        return np.array([row[cell] for cell in cells], dtype=np.int64)

    def hidden(self, targets: Ints, labels: Collection[str]) -> tuple[list[int], Ints]:
        """The samples of the other labels."""
        kept = [
            row for row, label in enumerate(targets) if self.targets.labels[label] not in labels
        ]
        return kept, targets[kept]

    def surest(self, answers: Floats, share: float) -> tuple[list[int], Ints]:
        """A share of the samples of each answered label, one at least."""
        likeliest = answers.argmax(axis=1)
        confidence = probabilities(answers).max(axis=1)
        rows: list[int] = []
        for label in np.unique(likeliest):
            members = np.flatnonzero(likeliest == label)
            count = max(1, int(share * len(members)))
            rows += members[np.argsort(-confidence[members], kind="stable")[:count]].tolist()
        return rows, likeliest[rows]

    def draw(self, targets: Ints, count: int, seed: int) -> list[int]:
        """As many of each class."""
        return balanced_draw(targets, count, seed)

    def scarce(self, targets: Ints, count: int) -> dict[str, int]:
        """Classes with fewer samples."""
        rows, counts = np.unique(targets, return_counts=True)
        names = (self.targets.labels[row] for row in rows)
        return {name: int(n) for name, n in zip(names, counts, strict=True) if n < count}

    def members(self, targets: Ints) -> list[Ints]:
        """Rows by class; classes behind one label have the same."""
        return [np.flatnonzero(targets == label) for label in self.targets.label_of]

    def examples(self, targets: Ints) -> dict[str, int]:
        """Label -> the first sample that has it."""
        rows, first = np.unique(targets, return_index=True)
        return {self.targets.labels[r]: int(f) for r, f in zip(rows, first, strict=True)}

    def fitted(self, targets: Ints) -> Self:
        """Nothing depends on the labelled samples."""
        return self

    def state(self) -> dict[str, Floats]:
        """Nothing."""
        return {}

    def restored(self, state: Mapping[str, Floats]) -> Self:
        """The same."""
        return self

    def in_units(self, parts: Floats) -> Floats:
        """Logits, as they are."""
        return parts

    def supervised(self, logits: Floats, targets: Ints) -> Floats:
        """No class is possible that has no sample."""
        absent = np.bincount(targets, minlength=logits.shape[1]) == 0
        return np.where(absent, ABSENT, logits)

    def log_loss(self, logits: Floats, targets: Ints) -> float:
        """Summed cross-entropy."""
        peak = logits.max(axis=1)
        total = np.log(np.exp(logits - peak[:, None]).sum(axis=1)) + peak
        return float((total - logits[np.arange(len(targets)), targets]).sum())

    def loss_and_gradient(self, logits: Floats, targets: Ints) -> tuple[float, Floats]:
        """Summed cross-entropy, and predicted minus true shares."""
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        return self.log_loss(logits, targets), shares - np.eye(logits.shape[1])[targets]

    def masses(self, targets: Ints) -> Floats:
        """One, at the label."""
        return np.eye(len(self.targets.labels))[targets]

    def from_masses(self, reached: Floats, targets: Ints) -> Floats:
        """Logarithms of shares, around 0 among the labels that there are; 0 of all others."""
        total = np.maximum(reached.sum(axis=1, keepdims=True), TINY)
        logits = np.log(reached / total + LEAST_SHARE)
        present = np.bincount(targets, minlength=reached.shape[1]) > 0
        centred = logits - logits[:, present].mean(axis=1, keepdims=True)
        return np.where(present, centred, 0.0)

    def intercepts(self, logits: Floats, targets: Ints) -> Floats:
        """Zeros: the draw has as many samples of each class."""
        return np.zeros(logits.shape[1])

    def tensor_loss(self, logits: Tensor, targets: Tensor, smoothing: float) -> Tensor:
        """Cross-entropy with label smoothing (Szegedy et al., CVPR 2016)."""
        return F.cross_entropy(logits, targets, label_smoothing=smoothing)

    def probabilities(self, logits: Tensor) -> Tensor:
        """Softmax."""
        return logits.softmax(dim=1)

    def prior(self, tables: TablesOf) -> AxiomPrior:
        """See `AxiomPrior.telling`."""
        targets = self.targets
        return AxiomPrior.telling(targets.classes, tables(targets.classes), targets.grouped)

    def full_weight(self, prior: AxiomPrior) -> float:
        """The number of attributes: then they count as independent."""
        return float(len(prior.tables))

    def evidence(self, prior: AxiomPrior, observed: Observations) -> Callable[[float], Floats]:
        """Weight times the log-linear scores of the classes."""
        scores = prior.scores(observed)
        return lambda weight: prior.by_label(weight * scores)

    def by_attribute(
        self, prior: AxiomPrior, observed: Observations, weight: float
    ) -> dict[str, Floats]:
        """An equal share of the weight times each attribute's score of a label's best class."""
        return by_best_class(prior.by_attribute(observed), self.targets, weight)

    def scored_rows(self, targets: Ints) -> Ints:
        """Samples whose class has enough of them; see `metrics.scored_rows`."""
        return scored_rows(targets)

    def scores(self, answers: Floats, targets: Ints) -> Floats:
        """Whose mean is balanced accuracy."""
        return balanced_scores(answers.argmax(axis=1) == targets, targets)

    def held_out_loss(self, answers: Floats, targets: Ints) -> float:
        """Mean cross-entropy after temperature scaling."""
        return tempered(lambda logits: self.log_loss(logits, targets), answers) / len(targets)

    def strata(self, targets: Ints) -> list[int]:
        """The classes."""
        rows: list[int] = targets.tolist()
        return rows

    def metrics(self, answers: Floats, targets: Ints) -> dict[str, float]:
        """See `class_metrics`."""
        return class_metrics(answers, targets)

    def findings(
        self, answers: Floats, targets: Ints, names: Sequence[str]
    ) -> dict[str, dict[str, Any]]:
        """Confusion of all samples, and calibration of those that are scored."""
        rows = scored_rows(targets)
        return {
            "confusion": {"classes": list(names), "table": confusion(answers, targets).tolist()},
            "calibration": reliability(answers[rows], targets[rows]),
        }

    def shares(self, answer: Floats) -> dict[str, float]:
        """Label -> probability; they sum up to one."""
        shares = probabilities(answer)
        return {self.targets.labels[row]: float(shares[row]) for row in np.argsort(-shares)}

    def answer_texts(self, answers: Floats) -> list[str]:
        """The likeliest label."""
        return [self.targets.labels[row] for row in answers.argmax(axis=1)]

    def contrasts(self, answer: Floats) -> tuple[Contrast, ...]:
        """The likeliest label above the next."""
        first, second = np.argsort(-probabilities(answer))[:2].tolist()
        return (Contrast(self.targets.labels[first], first, second),)


def by_best_class(
    scores: Mapping[str, Floats], targets: Targets, weight: float
) -> dict[str, Floats]:
    """Each attribute's part of labels' evidence: of several classes behind a label, the best's.

    Args:
        scores: attribute -> `[samples, classes]`.
        targets: labels and classes.
        weight: of the mean over attributes.
    """
    total = np.sum(list(scores.values()), axis=0)
    label_of = np.array(targets.label_of)
    groups = [np.flatnonzero(label_of == row) for row in range(len(targets.labels))]
    best = np.stack([group[total[:, group].argmax(axis=1)] for group in groups], axis=1)
    return {
        attribute: weight / len(scores) * np.take_along_axis(of_attribute, best, axis=1)
        for attribute, of_attribute in scores.items()
    }
