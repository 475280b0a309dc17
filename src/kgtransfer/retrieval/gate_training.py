"""Teaching the gates of a search model whose encoder is trained and frozen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F

from kgtransfer.conditioning.gates import gates_of
from kgtransfer.retrieval.context_gate import context_gate_of
from kgtransfer.retrieval.contrastive import SCALE
from kgtransfer.training.loop import Budget, fit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from torch import Tensor, nn

    from kgtransfer.training.loop import Group

__all__ = ["GateTrainingSet", "train_gates"]

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class GateTrainingSet:
    """What the gates learn from: vectors of the frozen encoder.

    Attributes:
        bare: unit vectors of documents, `[documents, width]`.
        queries: unit vectors of all queries, those of one document together.
        offsets: document `i` owns queries `offsets[i]` up to `offsets[i + 1]`.
        read: the same documents read in their contexts; None where no reading gate learns.
        pooled: C = G E of the documents, `[documents, relations, d]`; None where no relation
            gate learns.
    """

    bare: Tensor
    queries: Tensor
    offsets: IntArray
    read: Tensor | None = None
    pooled: Tensor | None = None

    def to(self, device: torch.device) -> GateTrainingSet:
        """The same on a device."""
        return replace(
            self,
            bare=self.bare.to(device),
            queries=self.queries.to(device),
            read=None if self.read is None else self.read.to(device),
            pooled=None if self.pooled is None else self.pooled.to(device),
        )


def train_gates(
    model: nn.Module, lesson: GateTrainingSet, groups: Iterable[Group], *, steps: int, seed: int
) -> None:
    """Fit the gates in place, by InfoNCE of one query a document over all documents.

    The encoder's vectors are constants here, so a step costs a product of two matrices, and
    every step sees every document.

    Args:
        model: with a reading gate and relation gates; its encoder is not read.
        lesson: what to learn from.
        groups: which gates learn, and how fast.
        steps: of gradient descent.
        seed: of the draws of queries.
    """
    lesson = lesson.to(next(model.parameters()).device)
    target = torch.arange(len(lesson.bare), device=lesson.bare.device)

    def draw(step: int) -> Sequence[IntArray]:
        rng = np.random.default_rng((seed, step))
        return [rng.integers(lesson.offsets[:-1], lesson.offsets[1:])]

    def loss(_: nn.Module, chosen: IntArray) -> Tensor:
        documents = F.normalize(_mixed(model, lesson), dim=-1)
        return F.cross_entropy(lesson.queries[chosen] @ documents.T * SCALE, target)

    fit(model, draw, loss, groups, budget=Budget(steps))


def _mixed(model: nn.Module, lesson: GateTrainingSet) -> Tensor:
    """The documents' vectors `[documents, width]` as the gates now make them."""
    vectors = lesson.bare
    if lesson.read is not None:
        vectors = context_gate_of(model).mix(vectors, lesson.read)
    return vectors if lesson.pooled is None else gates_of(model).add(vectors, lesson.pooled)
