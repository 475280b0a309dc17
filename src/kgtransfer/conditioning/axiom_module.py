"""What `AxiomPrior` makes of the values that samples show, as torch modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.conditioning.axiom_prior import AxiomPrior

__all__ = ["AxiomScores", "ExpectedNumber"]


class AxiomScores(nn.Module):
    """Values that samples show -> log-linear scores of the labels, times a weight.

    Args:
        state: the buffers by name, see below.

    Attributes:
        ratio: `[attributes, values, classes]` P(v | c) / P(v); 0 for values of other attributes.
        share: `[labels, classes]` log of one over the number of a label's classes; -inf for classes
            of other labels.
        weight: lambda, a scalar.
        intercepts: `[labels]`.

    Shapes:
        values `[samples, values]`, those of one attribute sum to one; output `[samples, labels]`.
    """

    ratio: Tensor
    share: Tensor
    weight: Tensor
    intercepts: Tensor

    BUFFERS = ("ratio", "share", "weight", "intercepts")

    def __init__(self, state: Mapping[str, Tensor]) -> None:
        super().__init__()
        for name in self.BUFFERS:
            self.register_buffer(name, state[name].clone())

    @classmethod
    def of(
        cls,
        prior: AxiomPrior,
        weight: float,
        values: Mapping[str, Sequence[str]],
        *,
        intercepts: npt.NDArray[np.float64] | None = None,
        even: bool = False,
    ) -> AxiomScores:
        """A prior and its weight -> the module.

        Args:
            prior: of the axioms.
            weight: lambda.
            values: attribute -> IRIs of its values, in the order of the columns.
            intercepts: `[labels]`, zeros by default.
            even: see `AxiomPrior.by_attribute`.
        """
        label_of = np.array(prior.label_of or range(len(prior.classes)))
        member = label_of == np.arange(prior.labels)[:, None]
        with np.errstate(divide="ignore"):
            share = np.log(member / member.sum(axis=1, keepdims=True))
        return cls(
            {
                "ratio": _ratio(prior, values, even=even),
                "share": _tensor(share),
                "weight": _tensor(weight),
                "intercepts": _tensor(np.zeros(prior.labels) if intercepts is None else intercepts),
            }
        )

    def forward(self, values: Tensor) -> Tensor:
        """See the class."""
        scores = self.weight * _by_attribute(values, self.ratio).mean(dim=1)
        return torch.logsumexp(scores[:, None, :] + self.share, dim=2) + self.intercepts


class ExpectedNumber(nn.Module):
    """Values that samples show -> the number that axioms lead to expect, times a weight.

    Args:
        state: the buffers by name, see below.

    Attributes:
        ratio: as in `AxiomScores`; its classes stand for numbers.
        levels: `[classes]` their numbers, standardised.
        weight: a scalar.
        intercepts: `[1]`.

    Shapes:
        values `[samples, values]`, those of one attribute sum to one; output `[samples, 1]`.
    """

    ratio: Tensor
    levels: Tensor
    weight: Tensor
    intercepts: Tensor

    BUFFERS = ("ratio", "levels", "weight", "intercepts")

    def __init__(self, state: Mapping[str, Tensor]) -> None:
        super().__init__()
        for name in self.BUFFERS:
            self.register_buffer(name, state[name].clone())

    @classmethod
    def of(
        cls,
        prior: AxiomPrior,
        weight: float,
        values: Mapping[str, Sequence[str]],
        *,
        levels: npt.NDArray[np.float64],
        intercepts: npt.NDArray[np.float64] | None = None,
    ) -> ExpectedNumber:
        """A prior over levels and its weight -> the module.

        Args:
            prior: of the axioms; where it has no tables, they lead to expect the mean.
            weight: of the number.
            values: attribute -> IRIs of its values, in the order of the columns.
            levels: `[classes]` numbers, standardised.
            intercepts: `[1]`, zero by default.
        """
        columns = sum(map(len, values.values()))
        says_something = bool(prior.tables)
        return cls(
            {
                "ratio": _ratio(prior, values) if says_something else torch.ones(1, columns, 1),
                "levels": _tensor(levels) if says_something else torch.zeros(1),
                "weight": _tensor(weight),
                "intercepts": _tensor(np.zeros(1) if intercepts is None else intercepts),
            }
        )

    def forward(self, values: Tensor) -> Tensor:
        """See the class."""
        shares = _by_attribute(values, self.ratio).sum(dim=1).softmax(dim=1)
        return self.weight * (shares @ self.levels)[:, None] + self.intercepts


def _ratio(prior: AxiomPrior, values: Mapping[str, Sequence[str]], *, even: bool = False) -> Tensor:
    """P(v | c) / P(v), `[attributes, values, classes]`."""
    pairs = [(attribute, value) for attribute, held in values.items() for value in held]
    column = {pair: number for number, pair in enumerate(pairs)}
    ratio = np.zeros((len(prior.tables), len(pairs), len(prior.classes)))
    for row, (attribute, (held, table)) in enumerate(prior.tables.items()):
        usual = 1 / len(held) if even else table.mean(axis=0)
        ratio[row, [column[attribute, value] for value in held]] = (table / usual).T
    return _tensor(ratio)


def _by_attribute(values: Tensor, ratio: Tensor) -> Tensor:
    """Each attribute's part of the score, `[samples, attributes, classes]`."""
    return torch.einsum("nv,avc->nac", values, ratio).log()


def _tensor(numbers: Any) -> Tensor:
    return torch.as_tensor(numbers, dtype=torch.float32)
