"""A number: squared error on standardised numbers, R2.

Classes that are coded as a number (`kgt:codedAs`) are its levels: what their axioms
say makes some levels likelier than others in a sample, and so a number to expect.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import torch.nn.functional as F
from scipy.special import softmax

from kgtransfer.classification.draws import quantile_draw
from kgtransfer.classification.number_metrics import number_metrics, r2_scores
from kgtransfer.classification.outcomes.outcome import Contrast, Malformed
from kgtransfer.classification.regression import RIDGE
from kgtransfer.classification.targets import Targets
from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.errors import ConfigError, OntologyError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    import numpy.typing as npt
    from torch import Tensor

    from kgtransfer.grounding.observations import Observations
    from kgtransfer.knowledge.axioms.frequencies import TablesOf
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

__all__ = ["Number"]

POINTS = 1000  # of a scatter plot, at most


@dataclass(frozen=True)
class Number:
    """Each sample has a number; see `Outcome`.

    Attributes:
        targets: the one logit, and the classes that stand for a number.
        mean, deviation: of the numbers of the labelled samples, in the data's unit; before
            `fitted`, of the levels.
    """

    targets: Targets
    mean: float = math.nan
    deviation: float = math.nan

    name: ClassVar[str] = "number"
    label_unit: ClassVar[str] = "labels"
    metric: ClassVar[str] = "r2"
    full_weight_says: ClassVar[str] = "1 takes the number that they lead to expect"

    def __post_init__(self) -> None:
        if math.isnan(self.mean):
            levels = np.array(self.targets.numbers or (0.0,))
            object.__setattr__(self, "mean", float(levels.mean()))
            object.__setattr__(self, "deviation", float(levels.std()) or 1.0)

    @classmethod
    def malformed(cls, cell: str) -> Malformed | None:
        """A label is a finite number with a decimal point."""
        try:
            if math.isfinite(float(cell)):
                return None
        except ValueError:
            pass
        if not cell:
            return Malformed("no label", "fill it in, or leave the line out")
        return Malformed(
            f"the label {cell!r} is not a number", "write one with a decimal point, such as 3.5"
        )

    @classmethod
    def labels_in(cls, cells: Iterable[str]) -> tuple[str, ...]:  # noqa: ARG003
        """None: nothing is told apart."""
        return ()

    @classmethod
    def uniform(cls, cells: Sequence[str]) -> Malformed | None:
        """Two numbers are the least."""
        if len(set(map(float, cells))) > 1:
            return None
        message = f"all {len(cells)} images have the number {cells[0]}"
        return Malformed(message, "add images with others")

    @classmethod
    def without(cls, cells: Sequence[str], labels: Collection[str]) -> list[str | None]:  # noqa: ARG003
        """As they are."""
        return list(cells)

    @classmethod
    def of(
        cls,
        graph: KnowledgeGraph,
        labels: Sequence[str] = (),  # noqa: ARG003
        more: Sequence[str] = (),
    ) -> Self:
        """Levels are the classes that the ontology gives a number."""
        if more:
            raise ConfigError(
                "labels are numbers: no further classes are told apart",
                cure="leave out data.more_classes",
            )
        return cls(Targets.of_levels(graph))

    def encoded(self, cells: Sequence[str]) -> Floats:
        """The numbers, `[samples]`."""
        return np.array([float(cell) for cell in cells], dtype=np.float64)

    def hidden(self, targets: Floats, labels: Collection[str]) -> tuple[list[int], Floats]:
        """All: there is no label to hide."""
        return list(range(len(targets))), targets

    def surest(self, answers: Floats, share: float) -> tuple[list[int], Floats]:
        """None."""
        return [], np.zeros(0)

    def draw(self, targets: Floats, count: int, seed: int) -> list[int]:
        """One from each of so many ranges of quantiles."""
        return quantile_draw(targets, count, seed)

    def scarce(self, targets: Floats, count: int) -> dict[str, int]:
        """All samples together, where they are fewer."""
        return {"all": len(targets)} if len(targets) < count else {}

    def members(self, targets: Floats) -> list[Ints]:
        """Rows of the samples that each level is nearest to."""
        levels = np.array(self.targets.numbers)
        if not len(levels):
            return []
        nearest = np.abs(targets[:, None] - levels).argmin(axis=1)
        return [np.flatnonzero(nearest == level) for level in range(len(levels))]

    def examples(self, targets: Floats) -> dict[str, int]:
        """The smallest, the median and the largest number -> its sample."""
        order = np.argsort(targets, kind="stable")
        rows = (int(order[place]) for place in (0, len(order) // 2, -1))
        return {f"{targets[row]:g}": row for row in rows}

    def fitted(self, targets: Floats) -> Self:
        """Standardises by the numbers of the labelled samples; one alone has no deviation."""
        if not len(targets):
            return self
        deviation = float(targets.std()) or self.deviation
        return replace(self, mean=float(targets.mean()), deviation=deviation)

    def state(self) -> dict[str, Floats]:
        """Mean and deviation."""
        return {"mean": np.array(self.mean), "deviation": np.array(self.deviation)}

    def restored(self, state: Mapping[str, Floats]) -> Self:
        """With the mean and deviation of a file."""
        return replace(self, mean=float(state["mean"]), deviation=float(state["deviation"]))

    def in_units(self, parts: Floats) -> Floats:
        """Standardised numbers -> in the data's unit; the first part holds the mean."""
        first, learned = parts
        return np.stack([self.mean + self.deviation * first, self.deviation * learned])

    def supervised(self, logits: Floats, targets: Floats) -> Floats:
        """As they are: every number tells of every other."""
        return logits

    def log_loss(self, logits: Floats, targets: Floats) -> float:
        """Half the summed squared error of standardised numbers."""
        return float(((logits[:, 0] - self._standardised(targets)) ** 2).sum() / 2)

    def loss_and_gradient(self, logits: Floats, targets: Floats) -> tuple[float, Floats]:
        """Half the squared error, and the errors."""
        errors = logits[:, 0] - self._standardised(targets)
        return float((errors**2).sum() / 2), errors[:, None]

    def masses(self, targets: Floats) -> Floats:
        """One, and the standardised number."""
        return np.stack([np.ones(len(targets)), self._standardised(targets)], axis=1)

    def from_masses(self, reached: Floats, targets: Floats) -> Floats:
        """Weighted means of the numbers; the mean of all where none reached."""
        return np.asarray(reached[:, 1:] / np.maximum(reached[:, :1], np.finfo(np.float64).tiny))

    def intercepts(self, logits: Floats, targets: Floats) -> Floats:
        """The mean error, under the ridge penalty that regressions have."""
        errors = self._standardised(targets) - logits[:, 0]
        return np.array([errors.sum() / (len(errors) + RIDGE)])

    def tensor_loss(self, logits: Tensor, targets: Tensor, smoothing: float) -> Tensor:
        """Half the mean squared error of standardised numbers; numbers are not smoothed."""
        return F.mse_loss(logits[:, 0], self._standardised(targets).to(logits)) / 2

    def probabilities(self, logits: Tensor) -> Tensor:
        """Refused."""
        raise ConfigError(
            "numbers have no probabilities that rules could forbid",
            cure="leave out arms that are trained on rules, such as kg_rules",
        )

    def prior(self, tables: TablesOf) -> AxiomPrior:
        """Of the levels; one without tables where there are none, or axioms tell none apart."""
        if not self.targets.classes:
            return AxiomPrior((), {})
        try:
            return AxiomPrior.telling(self.targets.classes, tables(self.targets.classes))
        except OntologyError:
            return AxiomPrior(self.targets.classes, {})

    def full_weight(self, prior: AxiomPrior) -> float:
        """1: the number that axioms lead to expect is the answer; 0 where they say nothing."""
        return 1.0 if prior.tables else 0.0

    def evidence(self, prior: AxiomPrior, observed: Observations) -> Callable[[float], Floats]:
        """Weight times the expected number, standardised, `[samples, 1]`."""
        expected = self._expected(prior.by_attribute(observed).values())
        return lambda weight: weight * self._standardised(expected)[:, None]

    def by_attribute(
        self, prior: AxiomPrior, observed: Observations, weight: float
    ) -> dict[str, Floats]:
        """How far the expected number moves when an attribute is added to the others."""
        scores = prior.by_attribute(observed)
        if not scores:
            return {}
        every = self._expected(scores.values())
        parts = {}
        for attribute in scores:
            others = [held for other, held in scores.items() if other != attribute]
            without = self._expected(others or [np.zeros_like(scores[attribute])])
            parts[attribute] = weight * (every - without)[:, None] / self.deviation
        return parts

    def scored_rows(self, targets: Floats) -> Ints:
        """All samples."""
        return np.arange(len(targets))

    def scores(self, answers: Floats, targets: Floats) -> Floats:
        """Whose mean is R2, by the variance of these samples."""
        return r2_scores(answers[:, 0], targets)

    def held_out_loss(self, answers: Floats, targets: Floats) -> float:
        """Mean squared error as a share of the variance."""
        return float(1 - self.scores(answers, targets).mean())

    def strata(self, targets: Floats) -> list[int]:
        """None: numbers have no classes."""
        return []

    def metrics(self, answers: Floats, targets: Floats) -> dict[str, float]:
        """See `number_metrics`."""
        return number_metrics(answers[:, 0], targets)

    def findings(
        self, answers: Floats, targets: Floats, names: Sequence[str]
    ) -> dict[str, dict[str, Any]]:
        """Predicted beside true numbers."""
        rows = np.random.default_rng(0).permutation(len(targets))[:POINTS]
        return {"scatter": {"true": targets[rows].tolist(), "predicted": answers[rows, 0].tolist()}}

    def shares(self, answer: Floats) -> dict[str, float]:
        """None."""
        return {}

    def answer_texts(self, answers: Floats) -> list[str]:
        """The number, in tenths of the standard deviation of those that were learned from."""
        return [f"{step:.0f}" for step in np.round(self._standardised(answers[:, 0]) * 10)]

    def contrasts(self, answer: Floats) -> tuple[Contrast, ...]:
        """The number itself."""
        return (Contrast("", 0),)

    def _standardised(self, numbers: Any) -> Any:
        return (numbers - self.mean) / self.deviation

    def _expected(self, scores: Iterable[Floats]) -> Floats:
        """Scores of attributes that count as independent -> the number to expect, `[samples]`."""
        shares = softmax(np.sum(list(scores), axis=0), axis=1)
        return np.asarray(shares @ np.array(self.targets.numbers))
