"""Vectors of a frozen encoder -> gates, learned from which document answers a query."""

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
from kgtransfer.training.loop import Budget, Group, fit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from torch import Tensor, nn

    from kgtransfer.retrieval.settings import SearchTraining

__all__ = ["DocumentVectors", "GateTrainingSet", "gate_groups", "train_gates"]

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class DocumentVectors:
    """Documents as a frozen encoder reads them, and what gates may add.

    Attributes:
        plain: unit vectors of documents without context, `[documents, width]`.
        in_context: unit vectors of the same documents in their contexts; None where contexts are
            not read.
        conditions: C = G E of the documents, `[documents, relations, d]`; None where no concept's
            vector conditions.
    """

    plain: Tensor
    in_context: Tensor | None = None
    conditions: Tensor | None = None

    def to(self, device: torch.device) -> DocumentVectors:
        """The same on a device."""
        moved = (None if part is None else part.to(device) for part in self._further)
        return DocumentVectors(self.plain.to(device), *moved)

    def __getitem__(self, rows: slice) -> DocumentVectors:
        """Some of the documents."""
        parts = (None if part is None else part[rows] for part in self._further)
        return DocumentVectors(self.plain[rows], *parts)

    @property
    def _further(self) -> tuple[Tensor | None, Tensor | None]:
        return self.in_context, self.conditions

    def through(self, model: nn.Module) -> Tensor:
        """Unit vectors `[documents, width]` as a model's gates now make them."""
        vectors = self.plain
        if self.in_context is not None:
            vectors = context_gate_of(model).mix(vectors, self.in_context)
        if self.conditions is not None:
            vectors = gates_of(model).add(vectors, self.conditions)
        return F.normalize(vectors, dim=-1)


@dataclass(frozen=True)
class GateTrainingSet:
    """What the gates learn from: vectors of the frozen encoder.

    Attributes:
        documents: with what gates may add.
        queries: unit vectors of all queries, those of one document together.
        offsets: document `i` owns queries `offsets[i]` up to `offsets[i + 1]`.
    """

    documents: DocumentVectors
    queries: Tensor
    offsets: IntArray

    def to(self, device: torch.device) -> GateTrainingSet:
        """The same on a device."""
        return replace(self, documents=self.documents.to(device), queries=self.queries.to(device))


def gate_groups(
    model: nn.Module,
    training: SearchTraining,
    *,
    learns_context: bool,
    learns_relations: bool,
    has_context: bool,
) -> list[Group]:
    """Which gates learn -> their parameters, each group with its learning rate.

    Args:
        model: with a context gate and relation gates.
        training: the learning rates.
        learns_context: whether the context gate learns.
        learns_relations: whether the relation gates learn.
        has_context: whether documents are read in their contexts, through a learned gate or not.
    """
    gates, groups = gates_of(model), []
    if learns_context:
        groups.append(Group([context_gate_of(model).gate], training.context_lr))
    if learns_relations:
        gate_lr = training.gate_lr_beside_context if has_context else training.gate_lr
        groups.append(Group([gates.gates], gate_lr))
        groups.append(Group(list(gates.projection.parameters()), training.projection_lr))
    return groups


def train_gates(
    model: nn.Module,
    training_set: GateTrainingSet,
    groups: Iterable[Group],
    *,
    steps: int,
    seed: int,
) -> None:
    """Fit the gates in place, by InfoNCE of one query a document over all documents.

    The encoder's vectors are constants here, so a step costs a product of two matrices, and
    every step sees every document.

    Args:
        model: with a context gate and relation gates; its encoder is not used.
        training_set: what to learn from.
        groups: which gates learn, and how fast.
        steps: of gradient descent.
        seed: of the draws of queries.
    """
    training_set = training_set.to(next(model.parameters()).device)
    offsets = training_set.offsets
    documents, queries = training_set.documents, training_set.queries
    target = torch.arange(len(documents.plain), device=queries.device)

    def draw(step: int) -> Sequence[IntArray]:
        rng = np.random.default_rng((seed, step))
        return [rng.integers(offsets[:-1], offsets[1:])]

    def loss(_: nn.Module, chosen: IntArray) -> Tensor:
        scores = queries[chosen] @ documents.through(model).T
        return F.cross_entropy(scores * SCALE, target)

    fit(model, draw, loss, groups, budget=Budget(steps))
