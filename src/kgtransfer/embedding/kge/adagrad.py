"""`Adagrad`: the update alone; torch's own brings a compiler along that costs seconds to import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from torch import Tensor

__all__ = ["Adagrad", "RateGroup"]

EPS = 1e-10


@dataclass
class RateGroup:
    """Parameters that learn at one rate."""

    parameters: Sequence[Tensor]
    rate: float


class Adagrad:
    """Adagrad (Duchi, Hazan, Singer, JMLR 12, 2011), as `torch.optim.Adagrad` computes it.

    Args:
        groups: what learns, and how fast.

    Attributes:
        groups: whose rates may be changed.
        sums: parameter -> sums of its squared gradients.
    """

    def __init__(self, groups: Iterable[RateGroup]) -> None:
        self.groups = list(groups)
        self.sums = {
            parameter: torch.zeros_like(parameter, memory_format=torch.preserve_format)
            for group in self.groups
            for parameter in group.parameters
        }

    def zero_grad(self) -> None:
        """Forget gradients."""
        for parameter in self.sums:
            parameter.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Move each parameter that has a gradient; of a sparse one, the rows that it names."""
        for group in self.groups:
            for parameter in group.parameters:
                if parameter.grad is not None:
                    self._move(parameter, parameter.grad, group.rate)

    def _move(self, parameter: Tensor, gradient: Tensor, rate: float) -> None:
        sums = self.sums[parameter]
        if not gradient.is_sparse:
            sums.addcmul_(gradient, gradient)
            parameter.addcdiv_(gradient, sums.sqrt().add_(EPS), value=-rate)
            return
        gradient = gradient.coalesce()
        rows, values = gradient.indices()[0], gradient.values()
        summed = sums[rows].addcmul_(values, values)
        sums[rows] = summed
        parameter.index_add_(0, rows, values / summed.sqrt().add_(EPS), alpha=-rate)
