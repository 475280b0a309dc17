"""What the labels of samples are: one of several classes, several labels at once, or a number.

An outcome is what differs between the three: how labels are written and drawn, what a fit
minimises, how axioms speak for an answer, and how answers are scored. Everything else in
classification is the same for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    import numpy as np
    import numpy.typing as npt
    from torch import Tensor

    from kgtransfer.classification.targets import Targets
    from kgtransfer.conditioning.axiom_prior import AxiomPrior
    from kgtransfer.grounding.observations import Observations
    from kgtransfer.knowledge.axioms.frequencies import TablesOf
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Encoded = npt.NDArray[Any]  # labels as numbers, [samples] or [samples, labels]

__all__ = ["Contrast", "Evidence", "LabelForm", "Loss", "Malformed", "Outcome", "Scoring"]


class Malformed(NamedTuple):
    """What is wrong with a label as a data set writes it, and what to write instead."""

    message: str
    cure: str


@dataclass(frozen=True)
class Contrast:
    """What an answer is explained by: a logit, or how far it lies above another.

    Attributes:
        about: the label that it speaks for; empty for a number.
        row: of the logit.
        against: of the other; None where it stands by itself.
    """

    about: str
    row: int
    against: int | None = None

    def of(self, logits: Floats) -> float:
        """Logits `[logits]` of one sample -> the difference."""
        return float(logits[self.row] - (0.0 if self.against is None else logits[self.against]))


class LabelForm(Protocol):
    """How labels are written by data sets, become numbers, and are drawn."""

    name: ClassVar[str]  # key of `OUTCOMES`
    label_unit: ClassVar[str]  # of the labels that arms learn from, in the plural

    def __init__(self, targets: Targets) -> None: ...

    @property
    def targets(self) -> Targets:
        """Labels, a logit each, and the classes of the ontology behind them."""
        ...

    @classmethod
    def malformed(cls, cell: str) -> Malformed | None:
        """A sample's label as a table writes it -> what is wrong with it, if anything."""
        ...

    @classmethod
    def labels_in(cls, cells: Iterable[str]) -> tuple[str, ...]:
        """Labels of samples as tables write them -> all that have to be told apart, sorted."""
        ...

    @classmethod
    def uniform(cls, cells: Sequence[str]) -> Malformed | None:
        """Labels of all samples -> what is wrong with them where they leave nothing to learn."""
        ...

    @classmethod
    def without(cls, cells: Sequence[str], labels: Collection[str]) -> list[str | None]:
        """Labels of samples without some; None where a sample is left out altogether."""
        ...

    @classmethod
    def of(cls, graph: KnowledgeGraph, labels: Sequence[str], more: Sequence[str] = ()) -> Self:
        """The outcome of data sets.

        Args:
            graph: the ontology.
            labels: of the data sets.
            more: names of classes that no data set has; each has its label in the ontology.

        Raises:
            OntologyError: a label stands for no class.
            ConfigError: there are further classes, and none are told apart.
        """
        ...

    def encoded(self, cells: Sequence[str]) -> Encoded:
        """Labels of samples as tables write them -> as numbers, `[samples]` or with labels.

        Raises:
            KeyError: one is no label of the outcome.
        """
        ...

    def hidden(self, targets: Encoded, labels: Collection[str]) -> tuple[list[int], Encoded]:
        """Encoded labels -> rows to learn from, and their labels, where some teach nothing."""
        ...

    def surest(self, answers: Floats, share: float) -> tuple[list[int], Encoded]:
        """Answers -> rows of the surest of each label, and what they would be encoded as.

        None where an answer is not one label.

        Args:
            answers: `[samples, logits]`.
            share: of the samples that are answered alike.
        """
        ...

    def draw(self, targets: Encoded, count: int, seed: int) -> list[int]:
        """Encoded labels -> rows of a few samples, `count` in `label_unit`."""
        ...

    def scarce(self, targets: Encoded, count: int) -> dict[str, int]:
        """Encoded labels -> those with fewer than `count` samples, and how many each has."""
        ...

    def members(self, targets: Encoded) -> list[Ints]:
        """Encoded labels -> for each class, rows of the samples that it stands for."""
        ...

    def examples(self, targets: Encoded) -> dict[str, int]:
        """Encoded labels -> what an example shows -> its row."""
        ...


class Loss(Protocol):
    """What a fit minimises, on processors without gradients and with torch."""

    def fitted(self, targets: Encoded) -> Self:
        """Adapted to the labelled samples, such as to mean and deviation of their numbers."""
        ...

    def state(self) -> dict[str, Floats]:
        """What `fitted` learned and answers need, by name."""
        ...

    def restored(self, state: Mapping[str, Floats]) -> Self:
        """With what `state` gave."""
        ...

    def in_units(self, parts: Floats) -> Floats:
        """Two parts of logits `[2, samples, logits]` -> of answers in the unit of the labels."""
        ...

    def supervised(self, logits: Floats, targets: Encoded) -> Floats:
        """Logits under which nothing is learned of a label that no labelled sample tells of."""
        ...

    def log_loss(self, logits: Floats, targets: Encoded) -> float:
        """Minus the log likelihood of the labels, up to a constant, summed over samples."""
        ...

    def loss_and_gradient(self, logits: Floats, targets: Encoded) -> tuple[float, Floats]:
        """`log_loss` and its gradient `[samples, logits]`."""
        ...

    def masses(self, targets: Encoded) -> Floats:
        """Encoded labels -> what neighbours take over from each sample, `[samples, masses]`."""
        ...

    def from_masses(self, reached: Floats, targets: Encoded) -> Floats:
        """What reached further samples -> logits `[samples, logits]`; see `propagated`.

        Args:
            reached: `[samples, masses]`.
            targets: encoded labels that it comes from; of others nothing is said.
        """
        ...

    def intercepts(self, logits: Floats, targets: Encoded) -> Floats:
        """Constants `[logits]` that make logits likeliest; zeros where draws are balanced."""
        ...

    def tensor_loss(self, logits: Tensor, targets: Tensor, smoothing: float) -> Tensor:
        """Mean loss of a batch; `smoothing` of labels, where they are not numbers."""
        ...

    def probabilities(self, logits: Tensor) -> Tensor:
        """Of the labels, `[batch, labels]`.

        Raises:
            ConfigError: the outcome has none.
        """
        ...


class Evidence(Protocol):
    """How the axioms' scores of classes speak for an answer."""

    full_weight_says: ClassVar[str]  # what the evidence is at its full weight

    def prior(self, tables: TablesOf) -> AxiomPrior:
        """What gives classes their tables -> the prior of the axioms.

        Raises:
            OntologyError: no axiom tells the classes apart, and the outcome cannot do without.
        """
        ...

    def full_weight(self, prior: AxiomPrior) -> float:
        """The largest weight of the evidence: that without any label."""
        ...

    def evidence(self, prior: AxiomPrior, observed: Observations) -> Callable[[float], Floats]:
        """What samples show -> weight -> `[samples, logits]` that axioms add to the logits."""
        ...

    def by_attribute(
        self, prior: AxiomPrior, observed: Observations, weight: float
    ) -> dict[str, Floats]:
        """Attribute -> its part of the evidence, `[samples, logits]`, for people to read."""
        ...


class Scoring(Protocol):
    """What answers are worth, and what is told of them."""

    metric: ClassVar[str]  # that the mean of the scores is

    def scored_rows(self, targets: Encoded) -> Ints:
        """Rows of the samples that are scored."""
        ...

    def scores(self, answers: Floats, targets: Encoded) -> Floats:
        """Answers `[samples, logits]` in the unit of the labels -> `[samples]`."""
        ...

    def held_out_loss(self, answers: Floats, targets: Encoded) -> float:
        """Answers on samples that were held out -> their mean loss at the scale that suits them.

        So that how sure of themselves methods are makes no difference between them.
        """
        ...

    def strata(self, targets: Encoded) -> list[int]:
        """Of the samples, that the bootstrap draws within; empty for one stratum."""
        ...

    def metrics(self, answers: Floats, targets: Encoded) -> dict[str, float]:
        """Further metrics by name."""
        ...

    def findings(
        self, answers: Floats, targets: Encoded, names: Sequence[str]
    ) -> dict[str, dict[str, Any]]:
        """Section of the report -> what it shows of a test set, JSON-able."""
        ...

    def shares(self, answer: Floats) -> dict[str, float]:
        """One answer `[logits]` -> label -> probability, the likeliest first; none of a number."""
        ...

    def answer_texts(self, answers: Floats) -> list[str]:
        """Answers `[samples, logits]` in the unit of the labels -> what each comes to, as text."""
        ...

    def contrasts(self, answer: Floats) -> tuple[Contrast, ...]:
        """One answer `[logits]` -> what it is to be explained by."""
        ...


class Outcome(LabelForm, Loss, Evidence, Scoring, Protocol):
    """All of them: what `OUTCOMES` holds."""
