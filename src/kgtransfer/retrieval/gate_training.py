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

__all__ = ["GateTrainingSet", "gate_groups", "train_gates"]

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class GateTrainingSet:
    """What the gates learn from: vectors of the frozen encoder.

    Attributes:
        documents: unit vectors of documents without context, `[documents, width]`.
        queries: unit vectors of all queries, those of one document together.
        offsets: document `i` owns queries `offsets[i]` up to `offsets[i + 1]`.
        in_context: unit vectors of the same documents in their contexts; None where no context
            gate learns.
        conditions: C = G E of the documents, `[documents, relations, d]`; None where no relation
            gate learns.
    """

    documents: Tensor
    queries: Tensor
    offsets: IntArray
    in_context: Tensor | None = None
    conditions: Tensor | None = None

    def to(self, device: torch.device) -> GateTrainingSet:
        """The same on a device."""
        return replace(
            self,
            documents=self.documents.to(device),
            queries=self.queries.to(device),
            in_context=None if self.in_context is None else self.in_context.to(device),
            conditions=None if self.conditions is None else self.conditions.to(device),
        )


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
    target = torch.arange(len(training_set.documents), device=training_set.documents.device)

    def draw(step: int) -> Sequence[IntArray]:
        rng = np.random.default_rng((seed, step))
        return [rng.integers(offsets[:-1], offsets[1:])]

    def loss(_: nn.Module, chosen: IntArray) -> Tensor:
        documents = F.normalize(_gated(model, training_set), dim=-1)
        return F.cross_entropy(training_set.queries[chosen] @ documents.T * SCALE, target)

    fit(model, draw, loss, groups, budget=Budget(steps))


def _gated(model: nn.Module, training_set: GateTrainingSet) -> Tensor:
    """The documents' vectors `[documents, width]` as the gates now make them."""
    vectors = training_set.documents
    if training_set.in_context is not None:
        vectors = context_gate_of(model).mix(vectors, training_set.in_context)
    if training_set.conditions is None:
        return vectors
    return gates_of(model).add(vectors, training_set.conditions)
